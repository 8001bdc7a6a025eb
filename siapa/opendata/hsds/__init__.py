"""The registry in the words of Open Referral: Human Services Data Specification (HSDS) 3.0 and 3.1.

A service of HSDS is a standard in force, an organization an agency, a service at a location an
offering. Records hold only what the compiled schemas of 3.0 name, so that they are valid under
3.0, 3.1 and the profile of Open Referral UK; what that leaves out stands in ``docs/open-data.md``.
All is said in the language spoken now.
"""
