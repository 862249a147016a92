*** Settings ***
Documentation       One of four alike: each runs in a process of its own, and finds no session of another.
Resource            alone.resource
Suite Setup         Connect To Both Scopes


*** Tasks ***
Work Alone
    Nobody Else Is Here
