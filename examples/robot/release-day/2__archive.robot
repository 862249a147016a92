*** Settings ***
Documentation       Works on another project, through the session whose handle it gets.
Resource            release-day.resource
Suite Teardown      Disconnect    ${ARCHIVE}


*** Tasks ***
The Parent's Local Session Is The Parent's Alone
    TRY
        List Repositories    session=Archive
    EXCEPT    session.not_found:    type=START    AS    ${message}
        Log    As it should be: ${message}    console=True
    ELSE
        Fail    A suite saw the local session of the one above it
    END

Keep A Record
    ${project}=    Get Project    session=${ARCHIVE}
    VAR    &{files}    /releases/latest.md=${RECORD}
    VAR    ${message}    Record of ${SUITE NAME} in ${project}[name]
    ${commit}=    Commit Files    site    main    ${message}    ${files}    session=${ARCHIVE}
    Log    Archived in ${commit}[commitId]    console=True
