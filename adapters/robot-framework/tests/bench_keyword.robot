*** Settings ***
Documentation       A keyword without a request, compared with `No Operation` of Robot Framework, and with a keyword
...                 that a process answers which returns each line.
...                 The blocks alternate, so that all run under the same load.
Library             AzureDevOps    simulate=${True}
Library             echo_library.py


*** Variables ***
${BLOCKS}       40
${CALLS}        100


*** Tasks ***
Take Turns
    FOR    ${_}    IN RANGE    ${BLOCKS}
        Nothing
        An Echo
        A Keyword
    END


*** Keywords ***
Nothing
    FOR    ${_}    IN RANGE    ${CALLS}
        No Operation
    END

An Echo
    FOR    ${_}    IN RANGE    ${CALLS}
        Echo    session=Missing
    END

A Keyword
    FOR    ${_}    IN RANGE    ${CALLS}
        Check Session    session=Missing
    END
