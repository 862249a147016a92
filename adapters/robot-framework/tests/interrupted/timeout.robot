*** Settings ***
Documentation       A timeout of Robot Framework cancels the action; the session stays open.
Library             AzureDevOps    simulate=${True}
Suite Setup         Connect    env:AZDO_PAT    https://dev.azure.com/fabrikam    Fabrikam


*** Tasks ***
A Task Runs Out Of Time
    [Timeout]    300 ms
    ${run}=    Run Pipeline    site
    Wait For Pipeline Run    ${run}[id]

The Next One Works
    Get Project
