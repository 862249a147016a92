*** Settings ***
Documentation       A folder of suites: its local session is visible only to itself, global ones to all suites.
Library             AzureDevOps    simulate=${True}
Resource            ../connecting.resource
Suite Setup         Open For The Folder
Suite Teardown      Global Sessions Of A Child Outlive It


*** Keywords ***
Open For The Folder
    Connect To Fabrikam    session=Folder
    ${handle}=    Connect To Fabrikam    scope=Variable
    VAR    ${HANDED ON}    ${handle}    scope=SUITES

Global Sessions Of A Child Outlive It
    List Repositories    session=Folder
    List Repositories    session=From The First
    Run Keyword And Expect Error    session.not_found: *    List Repositories    session=Default
