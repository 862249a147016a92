*** Settings ***
Documentation       A keyword that sends nothing to the service against Robot Framework's own that does nothing.
...                 Blocks of the one and of the other take turns, so that both meet the same machine.
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
        Check Session    session=Nobody
    END
