*** Settings ***
Documentation       Projects, repositories, files, pipelines and pipeline runs, through the session of the suite's setup.
Library             AzureDevOps    simulate=${True}    AS    AzDO
Suite Setup         Connect    env:AZDO_ROBOT_TEST_TOKEN    https://dev.azure.com/fabrikam    Fabrikam


*** Variables ***
${YAML}     trigger: none\n\npool:\n\ \ vmImage: ubuntu-latest\n\nsteps:\n- script: echo done\n


*** Tasks ***
The Project
    ${project}=    AzDO.Get Project
    Should Be Equal    ${project.name}    Fabrikam

Repositories And Their Files
    ${repository}=    Create Repository    robot-site
    Should Be Equal    ${repository}[name]    robot-site
    Should Be Equal    ${repository}[defaultBranch]    ${NONE}
    ${all}=    List Repositories
    VAR    ${names}    ${{ [one['name'] for one in $all] }}
    Should Contain    ${names}    robot-site
    VAR    &{files}    /azure-pipelines.yml=${YAML}    /read me.md=# Grüße, 世界 🚀
    ${commit}=    Commit Files    robot-site    main    First files    ${files}
    Should Match Regexp    ${commit}[commitId]    ^[0-9a-f]{40}$
    ${file}=    Get Repository File    robot-site    /read me.md    branch=main
    Should Be Equal    ${file}[content]    \# Grüße, 世界 🚀
    Should Not Be True    ${file}[isBinary]

Pipelines And Their Runs
    ${pipeline}=    Create Pipeline    robot-site    repository=robot-site    path=/azure-pipelines.yml
    ${pipelines}=    List Pipelines
    VAR    ${ids}    ${{ [one['id'] for one in $pipelines] }}
    Should Contain    ${ids}    ${pipeline}[id]
    ${same}=    Get Pipeline    ${pipeline}[id]
    Should Be Equal    ${same.name}    robot-site
    ${run}=    Run Pipeline    pipeline=robot-site    branch=main
    ${now}=    Get Pipeline Run    ${run}[id]
    Should Be Equal    ${now}[pipelineName]    robot-site
    ${done}=    Wait For Pipeline Run    ${run}[id]    time_limit=2 minutes
    Should Be Equal    ${done.status}/${done.result}    completed/succeeded
