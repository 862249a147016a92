*** Settings ***
Documentation       Waits for a pipeline run that never completes.
Library             AzureDevOps    simulate=${True}
Suite Setup         Connect    env:AZDO_PAT    https://dev.azure.com/fabrikam    Fabrikam
Suite Teardown      Get Project


*** Tasks ***
Wait For Ever
    ${run}=    Run Pipeline    site
    Wait For Pipeline Run    ${run}[id]

Never Reached
    Get Project
