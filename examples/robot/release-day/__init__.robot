*** Settings ***
Documentation       A release day. The folder is the parent: it signs in once for all of its suites, and opens a
...                 second session and passes its handle to them. Each suite is a separate bot.
Resource            release-day.resource
Suite Setup         Sign In


*** Keywords ***
Sign In
    VAR    ${url}    https://dev.azure.com/${ORGANIZATION}
    Connect    ${TOKEN}    ${url}    Fabrikam    scope=Global
    # The handle of a session can be passed on; a local session is not visible to other suites.
    ${archive}=    Connect    ${TOKEN}    ${url}    Archive    scope=Variable
    VAR    ${ARCHIVE}    ${archive}    scope=SUITES
    Connect    ${TOKEN}    ${url}    Archive    session=Archive
    ${project}=    Get Project
    Log    Signed in: ${ORGANIZATION}/${project}[name]    console=True
