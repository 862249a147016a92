*** Settings ***
Documentation       A keyword without a request, compared with `No Operation` of Robot Framework.
...                 Blocks of both alternate, so that both run under the same load.
Library             AzureDevOps    simulate=${True}


*** Variables ***
${BLOCKS}       40
${CALLS}        100


*** Tasks ***
Take Turns
    FOR    ${_}    IN RANGE    ${BLOCKS}
        Nothing
        A Keyword
    END


*** Keywords ***
Nothing
    FOR    ${_}    IN RANGE    ${CALLS}
        No Operation
    END

A Keyword
    FOR    ${_}    IN RANGE    ${CALLS}
        Check Session    session=Missing
    END
