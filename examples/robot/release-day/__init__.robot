*** Settings ***
Documentation       A release day. The folder is the parent: it signs in once for every suite in it, and opens a
...                 second session whose handle it hands on. Each suite is a bot of its own.
Resource            release-day.resource
Suite Setup         Sign In


*** Keywords ***
Sign In
    VAR    ${url}    https://dev.azure.com/${ORGANIZATION}
    Connect    ${TOKEN}    ${url}    Fabrikam    scope=Global
    # A session in a variable can be handed on; a local one is seen by no other suite.
    ${archive}=    Connect    ${TOKEN}    ${url}    Archive    scope=Variable
    VAR    ${ARCHIVE}    ${archive}    scope=SUITES
    Connect    ${TOKEN}    ${url}    Archive    session=Archive
    ${project}=    Get Project
    Log    Signed in: ${ORGANIZATION}/${project}[name]    console=True
