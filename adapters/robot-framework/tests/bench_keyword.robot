*** Settings ***
Documentation       A keyword that sends nothing to the service against Robot Framework's own that does nothing.
Library             AzureDevOps    simulate=${True}


*** Variables ***
${CALLS}    2000


*** Tasks ***
Warm Up
    FOR    ${_}    IN RANGE    200
        Check Session    Nobody
        No Operation
    END

No Operation
    FOR    ${_}    IN RANGE    ${CALLS}
        BuiltIn.No Operation
    END

Check Session
    FOR    ${_}    IN RANGE    ${CALLS}
        AzureDevOps.Check Session    Nobody
    END
