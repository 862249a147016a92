*** Settings ***
Documentation       Runs after the first: sees its global session and not its local one.
Library             AzureDevOps    simulate=${True}


*** Tasks ***
The Global Session Of The First Is Here
    List Repositories    session=From The First

Its Local One Is Not
    Run Keyword And Expect Error    session.not_found: *    List Repositories

A Library Imported While The Task Runs Works In The Same Bot Run
    Import Library    AzureDevOps    simulate=${True}    AS    Late
    Late.List Repositories    session=From The First
