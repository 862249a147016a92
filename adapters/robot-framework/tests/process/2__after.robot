*** Settings ***
Documentation       The next suite connects anew.
Library             AzureDevOps    simulate=${True}
Suite Setup         Connect    env:AZDO_PAT    https://dev.azure.com/fabrikam    Fabrikam


*** Tasks ***
It Works
    Get Project
