*** Settings ***
Documentation       One of two equal suites: each runs in a separate process of the same run tree.
Resource            tree.resource


*** Tasks ***
Work Together
    Use The Session Of The Tree
