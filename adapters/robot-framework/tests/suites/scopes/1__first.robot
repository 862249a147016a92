*** Settings ***
Documentation       Opens a local and a global session; setup, tasks and teardown share the local one.
Library             AzureDevOps    simulate=${True}
Resource            ../connecting.resource
Suite Setup         Connect To Fabrikam
Suite Teardown      List Repositories


*** Tasks ***
The Session Of The Setup Is Visible
    List Repositories

The Session Of The Top Suite Is Visible
    List Repositories    session=Shared

A Handle From The Folder's Setup Works
    List Repositories    session=${HANDED ON}

The Folder's Local Session Is Not Visible
    Run Keyword And Expect Error    session.not_found: *    List Repositories    session=Folder

A Global Session Is Opened For All Suites
    Connect To Fabrikam    scope=global    session=From The First
