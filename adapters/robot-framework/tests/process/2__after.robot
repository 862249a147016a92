*** Settings ***
Documentation       The next suite connects again.
Library             AzureDevOps    simulate=${True}
Suite Setup         Connect    env:AZDO_PAT    https://dev.azure.com/fabrikam    Fabrikam


*** Tasks ***
It Works
    Get Project
