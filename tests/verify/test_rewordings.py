"""Rewordings that must stay open to the model, and exchanges of figures that must not."""

import pytest

from advisor.verify.exact import check

TRUE = [
    ("In 2020 it gave EUR 8.6 million to 78 clusters.", "The round of 2020 had EUR 8.6 million for 78 clusters."),
    ("A second text names 12 towns.", "Another text names 12 towns."),
    ("A firm may join several of the five clusters.", "Firms can join one or more of the five clusters."),
    ("State money can no longer be used.", "State money cannot be used, the agency announced."),
    ("The body only became legal in March 2022.", "The body took legal form in March 2022."),
    ("Napa Valley has been a protected name since 27 February 1981.",
     "On 27 February 1981 the name Napa Valley became protected."),
    ("The second merger came two years later.", "The first merged in 2022 and the second in 2024."),
    ("Projects grew within six years.", "Projects grew from 4 in 2013 to 40 in 2019."),
    ("By 2023 the valley counted 739 projects.", "Since its start the valley had counted 739 projects by 2023."),
    ("Foreign firms took over three of the four leaders.", "Foreign firms bought three of the four leaders."),
    ("Events are held four times a year.", "The network lives from quarterly events."),
    ("Members meet quarterly.", "Members meet four times a year."),
    ("Initiatives are evaluated every third year.", "Initiatives are evaluated every three years."),
    ("Two thirds of the 45 clusters lie in the east.", "Of the 45 clusters, 30 lie in the east."),
    ("Most semifinalists had won before.", "Of the 29 semifinalists, 17 had won before."),
    ("EUR 5 million a year is the most a cluster can get.", "A cluster can get up to EUR 5 million a year."),
    ("No stronghold can have more than one funded cluster.", "The law allows only one funded cluster per stronghold."),
    ("A cluster answers an evaluation every year.", "A cluster keeps data up to date and answers a yearly evaluation."),
    ("Over half of all Dutch patents come from here.", "More than half of the Dutch patents come from here."),
    ("Up to PEN 2 million went to each initiative.", "The call gave up to PEN 2 million per initiative."),
    ("The association did not depend on programmes.", "Fees made the association independent of programmes."),
    ("The headquarters stay in Kista until 2030.", "The headquarters will stay in Kista until 2030."),
    ("Overlooking the small is the usual trap.", "The typical trap is to forget the small."),
    ("Export councils could not apply.", "Applicants had to be firms. The programme excluded export councils."),
    ("Roughly 600 of the 851 members are small firms.", "It names 851 members, of whom about 600 are small firms."),
]  # fmt: skip
FALSE = [
    ("UAH 12,000 is due at entry and UAH 500 a year.", "Members pay UAH 500 on entry and UAH 12,000 a year."),
    ("They join 10,000 jobs in chips with 15,000 in software.",
     "They join 15,000 jobs in chips with 10,000 in software."),
    ("Hsinchu opened in 1973 and ITRI was set up in 1980.", "ITRI was set up in 1973 and Hsinchu opened in 1980."),
    ("Members bring 10% in hours and 40% in cash.", "Members bring 40% in hours and 10% in cash."),
    ("The public paid EUR 537 million of the EUR 220 million.", "The public paid EUR 220 million of EUR 537 million."),
    ("Initiatives are evaluated every second year.", "Initiatives are evaluated every three years."),
    ("The second merger came three years later.", "The first merged in 2022 and the second in 2024."),
    ("One third of the 45 clusters lie in the east.", "Of the 45 clusters, 30 lie in the east."),
    ("Jobs came within a year.", "Jobs came within a decade."),
    ("Members meet monthly.", "Members meet four times a year."),
    ("Some production came from Malaysia.", "Part of the production moved to Malaysia."),
    ("Members finance the full-time manager.", "The manager works half time and members pay for her."),
    ("The country attracted 150 to 200 firms by 2006.", "Between 150 and 200 firms were expected by 2006."),
    ("The paper decided that a call should open fields.", "The paper asked whether a call should open fields."),
    ("The canvas asks if a cluster has to start or grow.", "The canvas asks if a cluster wants to start or grow."),
    ("Since 2017 some of the winners carry on.", "The winners of 2017 all carry on."),
    ("A cluster may keep its data current.", "An accredited cluster must keep its data up to date."),
    ("The court ordered zero discharge and many units reached it.",
     "The court ordered zero discharge, which many units did not reach."),
    ("Non-profits are admitted and get co-investment.", "Non-profits may join but receive no co-investment."),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "passage"), TRUE)
def test_rewordings_stay_open(claim: str, passage: str) -> None:
    assert check(claim, passage).problem is None


@pytest.mark.parametrize(("claim", "passage"), FALSE)
def test_exchanged_or_changed_figures_are_caught(claim: str, passage: str) -> None:
    assert check(claim, passage).problem
