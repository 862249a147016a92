*** Settings ***
Documentation       Runs after the first suite: its global session is visible, its local one is not.
Library             AzureDevOps    simulate=${True}


*** Tasks ***
The Global Session Of The First Suite Is Visible
    List Repositories    session=From The First

Its Local Session Is Not Visible
    Run Keyword And Expect Error    session.not_found: *    List Repositories

A Library That A Task Imports Works In The Same Bot Run
    Import Library    AzureDevOps    simulate=${True}    AS    Late
    Late.List Repositories    session=From The First
