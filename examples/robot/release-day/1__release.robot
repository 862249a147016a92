*** Settings ***
Documentation       Does not connect: uses the global session that the folder's setup opened.
Resource            release-day.resource


*** Variables ***
${REPOSITORY}       release-notes
${ENVIRONMENT}      production
${PIPELINE}         SEPARATOR=\n
...                 parameters:
...                 - name: environment
...                 ${SPACE * 2}type: string
...                 ${SPACE * 2}default: test
...
...                 trigger: none
...
...                 pool:
...                 ${SPACE * 2}vmImage: ubuntu-latest
...
...                 steps:
...                 - script: echo "Release notes for \${{ parameters.environment }}"
...                 ${SPACE * 2}displayName: Publish the release notes
...                 ${EMPTY}


*** Tasks ***
Prepare The Repository
    ${repositories}=    List Repositories
    VAR    ${names}    ${{ ', '.join(one['name'] for one in $repositories) }}
    Log    There are: ${names}    console=True
    TRY
        Create Repository    ${REPOSITORY}
    EXCEPT    resource.conflict:    type=START    AS    ${message}
        Log    ${message} The task goes on with the one that is there.
    END
    VAR    &{files}    /azure-pipelines.yml=${PIPELINE}
    Commit Files    ${REPOSITORY}    main    Publish the release notes with a pipeline    ${files}
    TRY
        Create Pipeline    ${REPOSITORY}    repository=${REPOSITORY}    path=/azure-pipelines.yml
    EXCEPT    resource.conflict:    type=START    AS    ${message}
        Log    ${message} The task goes on with the one that is there.
    END

Ship It
    VAR    &{parameters}    environment=${ENVIRONMENT}
    ${run}=    Run Pipeline    ${REPOSITORY}    branch=main    template_parameters=${parameters}
    ${run}=    Wait For Pipeline Run    ${run}[id]    time_limit=20 min
    Log    Released: ${run}[webUrl]    console=True
    Should Be Equal    ${run}[result]    succeeded
    VAR    ${RECORD}    \# ${REPOSITORY}\n\n${run}[result]: ${run}[webUrl]\n    scope=GLOBAL

