*** Settings ***
Documentation       A whole release day, from the branch to the work item. A failure creates a bug.
Library             AzureDevOps    simulate=${SIMULATE}
Task Setup          Connect    ${TOKEN}    https://dev.azure.com/${ORGANIZATION}    ${PROJECT}


*** Variables ***
# Against an organization of your own: --variable SIMULATE:False --variable ORGANIZATION:<organization>
${SIMULATE}             ${True}
${ORGANIZATION}         fabrikam
${PROJECT}              Fabrikam
# A reference: the token itself is in no suite and no log.
${TOKEN}                env:AZDO_PAT
${REPOSITORY}           site
${PIPELINE}             site
${RELEASE PIPELINE}     site
${VERSION}              1.0
# A folder in `folders.write` and `folders.read` of the operator's file: a suite has no folder by default.
${FILE}                 ${OUTPUT DIR}${/}drop.zip


*** Tasks ***
Release
    TRY
        ${pull request}=    Change
        ${run}=    Build
        Deploy    ${run}[id]
        Keep A Record    ${pull request}    ${run}
    EXCEPT    AS    ${message}
        VAR    @{tags}    release    bot
        ${bug}=    Create Work Item    Bug    Release ${VERSION} has failed    description=${message}    tags=${tags}
        Fail    ${message} See ${bug}[webUrl]
    END


*** Keywords ***
Change
    VAR    ${branch}    release/${VERSION}
    Create Branch    ${REPOSITORY}    ${branch}    from_branch=main
    VAR    &{files}    /NOTES.md=\# ${VERSION}\n\nEverything is better.\n
    Commit Files    ${REPOSITORY}    ${branch}    Notes of ${VERSION}    ${files}
    ${pull request}=    Create Pull Request    ${REPOSITORY}    ${branch}    Release ${VERSION}
    ${pull request}=    Complete Pull Request    ${pull request}[id]    merge_strategy=SQUASH
    ...    delete_source_branch=True
    Log    Merged: ${pull request}[webUrl]    console=True
    RETURN    ${pull request}

Build
    ${run}=    Run Pipeline    ${PIPELINE}    branch=main
    ${run}=    Wait For Pipeline Run    ${run}[id]    time_limit=20 min
    ${logs}=    Read Pipeline Run Logs    ${run}[id]    lines=5
    Log    ${logs}[text]
    Should Be Equal    ${run}[result]    succeeded
    Download Artifact    ${run}[id]    drop    ${FILE}
    VAR    @{tags}    release    ${VERSION}
    Tag Pipeline Run    ${run}[id]    ${tags}
    Retain Pipeline Run    ${run}[id]
    Create Git Tag    ${REPOSITORY}    v${VERSION}    message=Release ${VERSION}
    RETURN    ${run}

Deploy
    [Arguments]    ${run}
    TRY
        VAR    @{stages}    Test    Production
        VAR    @{by hand}    Production
        Create Release Pipeline    ${RELEASE PIPELINE}    ${PIPELINE}    ${stages}    by_hand=${by hand}
    EXCEPT    resource.conflict:    type=START    AS    ${message}
        Log    ${message} The task goes on with the one that is there.
    END
    ${release}=    Create Release    ${RELEASE PIPELINE}    run=${run}    description=Release ${VERSION}
    Wait For Release Stage    ${release}[id]    Test    time_limit=20 min
    Deploy Release Stage    ${release}[id]    Production
    ${stage}=    Wait For Release Stage    ${release}[id]    Production    time_limit=20 min
    Log    Production: ${stage}[status]    console=True

Keep A Record
    [Arguments]    ${pull request}    ${run}
    VAR    @{tags}    release    bot
    ${item}=    Create Work Item    User Story    Release ${VERSION}    description=${run}[webUrl]    tags=${tags}
    Attach File To Work Item    ${item}[id]    ${FILE}    comment=What was built
    Link Work Item    ${item}[id]    run=${run}[id]    link_type=Integrated in build
    ${item}=    Update Work Item    ${item}[id]    state=Closed    comment=Merged as ${pull request}[mergeCommitId]
    Log    Recorded: ${item}[webUrl] is ${item}[state]    console=True
