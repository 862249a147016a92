*** Settings ***
Documentation       The messages of errors, and errors before the call.
Library             AzureDevOps    simulate=${True}
Resource            connecting.resource
Suite Setup         Connect To Fabrikam


*** Tasks ***
The Message Begins With The Code And Ends With The Help
    TRY
        List Repositories    session=Nobody
    EXCEPT    session.not_found:    type=START    AS    ${message}
        Should Contain    ${message}    "Nobody"
        Should Match Regexp    ${message}    (?s)^session\\.not_found: .+\\nConnect first
    END

An Error Of The Service Has Its Own Code
    Run Keyword And Expect Error    resource.conflict: *    Create Repository    site
    Run Keyword And Expect Error    resource.not_found: *    Get Repository File    site    /nowhere.txt
    Run Keyword And Expect Error    resource.not_found: *    Get Pipeline Run    4711

A Wrong Choice Fails Before The Call
    Run Keyword And Expect Error
    ...    ValueError: Argument 'scope' got value 'Everywhere' that cannot be converted to *'Local'*
    ...    Connect    env:NOTHING    https://dev.azure.com/fabrikam    Fabrikam    scope=Everywhere

A Wrong Type Fails Before The Call
    Run Keyword And Expect Error
    ...    ValueError: Argument 'id' got value 'one' that cannot be converted to integer.
    ...    Get Pipeline Run    one
    Run Keyword And Expect Error
    ...    ValueError: Argument 'time_limit' got value 'soon' that cannot be converted to timedelta*
    ...    Wait For Pipeline Run    1    time_limit=soon

A Missing And An Unknown Argument Fail Before The Call
    Run Keyword And Expect Error    *expected 1 to ? arguments, got 0.    Create Repository
    Run Keyword And Expect Error    *colour*    Create Repository    name=x    colour=red

The Error For A Value Without A JSON Form Has Its Location
    VAR    ${secret: Secret}    %{AZDO_ROBOT_TEST_TOKEN}
    VAR    &{variables}    password=${secret}
    Run Keyword And Expect Error
    ...    ValueError: Argument 'variables' takes no Secret*
    ...    Run Pipeline    site    variables=${variables}
    Run Keyword And Expect Error
    ...    ValueError: Argument 'template_parameters' has a value of type date*
    ...    Run Pipeline    site    template_parameters=${{ {'on': datetime.date(2026, 1, 1)} }}

A Misspelled Argument Is Recognized
    TRY
        Create Repository    nmae=x
    EXCEPT    Keyword 'Create Repository' has no argument 'nmae'. Did you mean 'name'?*    type=GLOB
        Log    It is named.
    ELSE
        Fail    The repository was created.
    END
    Run Keyword And Expect Error    input.invalid: *    Create Repository    nmae\=a/b

A Call That Is Too Long Fails And The Next One Works
    VAR    &{files}    /long.txt=${{ 'x' * (5 << 20) }}
    Run Keyword And Expect Error    input.invalid: *    Commit Files    site    main    Too long    ${files}
    Run Keyword And Expect Error    input.invalid: *    Create Repository    ${{ 'half a character \\ud83d' }}
    Get Project
