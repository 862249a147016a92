*** Settings ***
Documentation       Actions on sessions.
Library             AzureDevOps    simulate=${True}
Resource            connecting.resource


*** Tasks ***
Connect Returns A Handle Of The Session
    ${handle}=    Connect To Fabrikam    session=By Handle
    Should Match Regexp    ${handle}    ^azdo-session:[0-9a-f]{32}$
    ${session}=    Check Session    session=${handle}
    Should Be True    ${session}[open] and ${session}[tokenAccepted]
    Should Be Equal    ${session.projectName}    Fabrikam
    Should Be Equal    ${session}[organizationUrl]    https://dev.azure.com/fabrikam

Disconnect Closes The Session
    Connect To Fabrikam    session=Brief
    ${closed}=    Disconnect    Brief
    Should Contain    ${closed}[closed]    Brief
    ${session}=    Check Session    session=Brief
    Should Not Be True    ${session}[open]
    Run Keyword And Expect Error    session.closed: *    List Repositories    session=Brief

A Session In A Variable Is Found Only By Its Handle
    ${handle}=    Connect To Fabrikam    scope=Variable
    ${project}=    Get Project    session=${handle}
    Should Be Equal    ${project}[name]    Fabrikam
    Disconnect    ${handle}
    Run Keyword And Expect Error    session.closed: *    Get Project    session=${handle}

A Name In Use Is Refused Reused Or Replaced
    ${first}=    Connect To Fabrikam    session=Twice
    Run Keyword And Expect Error    session.name_in_use: * bot run "*.Session (*    Connect To Fabrikam    session=Twice
    ${same}=    Connect To Fabrikam    session=Twice    if_session_exists=Reuse
    Should Be Equal    ${same}    ${first}
    ${other}=    Connect To Fabrikam    session=Twice    if_session_exists=REPLACE
    Should Not Be Equal    ${other}    ${first}

Secret References And Strings Connect
    VAR    ${secret: Secret}    %{AZDO_ROBOT_TEST_TOKEN}
    Connect    ${secret}    https://dev.azure.com/fabrikam    Fabrikam    session=From A Secret
    Connect
    ...    env:AZDO_ROBOT_TEST_TOKEN
    ...    https://dev.azure.com/fabrikam
    ...    Fabrikam
    ...    session=From A Reference
    ...    time_limit=20 s
