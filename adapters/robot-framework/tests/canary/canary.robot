*** Settings ***
Documentation       Passes a token through everything that logs. The URL is that of a simulator that accepts the token.
Library             AzureDevOps


*** Variables ***
${URL}      ${NONE}
${HOW}      ${NONE}


*** Tasks ***
Work With The Token
    ${credential}=    The Credential
    Connect    ${credential}    ${URL}    Fabrikam
    ${session}=    Check Session
    Should Be True    ${session}[tokenAccepted]
    List Repositories

Fail With The Token
    ${credential}=    The Credential
    Connect    ${credential}    ${URL}    Fabrikam    session=A Project That Is Not There
    TRY
        Connect    ${credential}    ${URL}    Nowhere    session=Other
    EXCEPT    project.not_found:    type=START    AS    ${message}
        Log    ${message}
    END
    VAR    &{variables}    password=${credential}
    TRY
        Run Pipeline    site    variables=${variables}
    EXCEPT    AS    ${message}
        Log    ${message}
    END
    Fail    with a traceback


*** Keywords ***
The Credential
    IF    $HOW == 'secret'
        VAR    ${credential: Secret}    %{AZDO_ROBOT_TEST_TOKEN}
    ELSE IF    $HOW == 'string'
        VAR    ${credential}    %{AZDO_ROBOT_TEST_TOKEN}
    ELSE
        VAR    ${credential}    env:AZDO_ROBOT_TEST_TOKEN
    END
    RETURN    ${credential}
