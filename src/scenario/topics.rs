//! What a scenario file may hold beside plain inputs, each with an example that `check` accepts when it is laid over a scenario.

/// Something that `explain` knows beside inputs.
#[derive(Clone, Copy, Debug)]
pub struct Topic {
    /// What it is called in a file.
    pub name: &'static str,
    /// Other words for it.
    pub also: &'static [&'static str],
    /// In one line.
    pub summary: &'static str,
    /// More, in plain sentences.
    pub text: &'static str,
    /// Lines of a scenario file.
    pub example: &'static str,
}

const fn topic(
    name: &'static str,
    also: &'static [&'static str],
    summary: &'static str,
    text: &'static str,
    example: &'static str,
) -> Topic {
    Topic { name, also, summary, text, example }
}

/// Parts of a scenario file.
pub const PARTS: &[Topic] = &[
    topic(
        "title",
        &["question", "description"],
        "what the scenario is called, asks and is about",
        "The title is one line for charts and lists, up to 200 characters. The question is what the scenario is meant to \
         answer; the description is longer text for `breakeven show` and reports.",
        "title = \"Our own case\"\nquestion = \"At which price do we earn back the programme?\"\ndescription = \"\"\"\n\
         What is public, what is assumed, and how to read the result.\"\"\"",
    ),
    topic(
        "extends",
        &["inheritance"],
        "another scenario to start from",
        "A name (looked up beside this file, then in scenarios/, then among those built in) or a path relative to this file, to \
         any depth up to 16 files. What is written in this file wins. An input is replaced whole; so are price changes, events and \
         correlations. Sources and segments merge by name.",
        "extends = \"baseline\"\n\n[price]\nmonthly = 7.50",
    ),
    topic(
        "value",
        &["input", "inputs", "source", "note"],
        "what an input may be: a number, or a table with a number or a distribution",
        "A bare number; or a table with exactly one of `value` or a distribution's name, and, if wanted, a `source` (a key of \
         [sources]) and a `note`.",
        "[price]\nmonthly = 9.99\nfee_rate = { value = 0.03, note = \"card and store\" }\n\n[market]\n\
         refusal_rate = { pert = { min = 0.4, mode = 0.6, max = 0.9 }, note = \"a survey, and our doubts\" }",
    ),
    topic(
        "start",
        &["horizon.start", "date"],
        "the calendar month of month 1",
        "Only labels depend on it.",
        "[horizon]\nstart = \"2026-01\"",
    ),
    topic(
        "segments",
        &["segment", "share", "counts_toward_target"],
        "named parts of the market with inputs of their own",
        "Each has a share of the active users; the shares sum to 1. What a segment does not name it takes from the scenario, with the \
         same draw. It may name any key of market (but active_users), willingness, uptake, retention, price, revenue and serving. \
         With `counts_toward_target = false` its subscribers are left out of the target and of everything that says subscribers. \
         Segments times months: at most 1,800.",
        "[segments.premium]\nshare = 0.3\n[segments.premium.price]\nmonthly = 17.99\n\n[segments.volume]\nshare = 0.7\n\
         counts_toward_target = true\n[segments.volume.market]\nrefusal_rate = 0.8",
    ),
    topic(
        "events",
        &[
            "event",
            "annual_probability",
            "duration_months",
            "churn_multiplier",
            "uptake_multiplier",
            "market_multiplier",
            "demand_multiplier",
            "serving_cost_multiplier",
        ],
        "things that may happen once on a path: a free rival, a price war",
        "An event starts with its annual probability and lasts `duration_months` (0: for good). While it is on, `churn_multiplier` acts \
         on everyone's chance of leaving, `uptake_multiplier` on the speed of first adoption, `market_multiplier` on the number of possible subscribers, `serving_cost_multiplier` on the \
         cost to serve. Up to 50 events.",
        "[[events]]\nname = \"A free rival\"\nannual_probability = 0.3\nduration_months = 6\nchurn_multiplier = 1.5\n\
         uptake_multiplier = 0.8",
    ),
    topic(
        "correlations",
        &["correlation", "rank", "inputs"],
        "inputs that tend to be high or low together",
        "A Spearman rank correlation between two inputs that are distributions, −1 to 1. Pairs that are not named are independent; pairs \
         that contradict each other are refused, with the nearest values that would not.",
        "[market]\nrefusal_rate = { uniform = { min = 0.4, max = 0.8 } }\n[willingness]\n\
         median_price = { log_normal = { p10 = 5, p90 = 20 } }\n\n[[correlations]]\n\
         inputs = [\"market.refusal_rate\", \"willingness.median_price\"]\nrank = -0.4",
    ),
    topic(
        "sources",
        &["grade", "publisher", "url"],
        "where the numbers come from",
        "A title is required; publisher, date (2025, 2025-02 or 2025-02-26), url and grade may follow. Grades: A official or primary, B \
         reputable press or analyst, C secondary, X an assumption of the author.",
        "[sources.survey]\ntitle = \"Customer survey\"\npublisher = \"Market research\"\ndate = \"2026-03\"\ngrade = \"B\"\n\n\
         [market]\nrefusal_rate = { value = 0.6, source = \"survey\" }",
    ),
    topic(
        "price.changes",
        &["changes", "times", "price change"],
        "the list price from a month on",
        "Each change gives a month and either `monthly`, a price, or `times`, a factor on `price.monthly` (not on the price before). With \
         `times` a sweep of price.monthly moves the whole schedule; with `monthly` it moves the launch price alone. On the command \
         line a change is reached by its month: --set price.changes.13.monthly=17.99, and likewise --vary and --for.",
        "[price]\nmonthly = 14.99\nchanges = [{ month = 13, times = 1.2 }, { month = 25, monthly = 19.99 }]",
    ),
    topic(
        "implied_by",
        &["implied investment"],
        "an investment that follows from the target, where nobody published it",
        "\"target\": the sum that the target would repay, flat from day one and before acquisition cost. \"target_ramp\": what the \
         median path would repay with the audience that makes it peak at the target. It is computed once, from the file that says so: \
         the money is sunk, so a --set or a sweep cannot change it.",
        "[costs]\ninvestment = { implied_by = \"target\" }",
    ),
];

/// Distributions.
pub const DISTRIBUTION_TOPICS: &[Topic] = &[
    topic(
        "uniform",
        &[],
        "any value between two ends, all equally likely",
        "Parameters: min, max.",
        "[price]\nmonthly = { uniform = { min = 5, max = 10 } }",
    ),
    topic(
        "log_uniform",
        &["loguniform"],
        "any order of size between two ends, all equally likely",
        "Parameters: min, max, both above 0.",
        "[willingness]\nmedian_price = { log_uniform = { min = 2, max = 50 } }",
    ),
    topic(
        "triangular",
        &["triangle"],
        "least, most likely, and highest value, joined by straight lines",
        "Parameters: min, mode, max.",
        "[finance]\nannual_discount_rate = { triangular = { min = 0.08, mode = 0.09, max = 0.12 } }",
    ),
    topic(
        "pert",
        &[],
        "least, most likely, and highest value, smooth and with thin tails",
        "Parameters: min, mode, max; optional shape (4): higher is more peaked. The mean is (min + shape · mode + max) / (shape + 2).",
        "[market]\nrefusal_rate = { pert = { min = 0.45, mode = 0.68, max = 0.95 } }",
    ),
    topic(
        "normal",
        &["gaussian"],
        "the bell curve",
        "Parameters: mean and sd, or p10 and p90, or p05 and p95; optional min and max, which truncate it. Most inputs need them: a \
         distribution may not reach outside what its input allows.",
        "[market]\nannual_growth = { normal = { mean = 0.012, sd = 0.015 } }\n[uptake]\n\
         annual_imitation = { normal = { mean = 0.38, sd = 0.12, min = 0.1 } }",
    ),
    topic(
        "log_normal",
        &["lognormal"],
        "positive and skewed: often small, sometimes large",
        "Parameters: median and sigma (of the logarithm), or mean and sd, or p10 and p90, or p05 and p95; optional min and max.",
        "[costs]\nacquisition = { log_normal = { median = 15, sigma = 0.8 } }",
    ),
    topic(
        "beta",
        &[],
        "a share with a mean and a weight of evidence",
        "Parameters: mean and n (as if n people had been asked), or alpha and beta; optional min and max rescale it from 0 to 1.",
        "[retention]\nwin_back = { beta = { mean = 0.35, n = 100 } }",
    ),
    topic(
        "gamma",
        &[],
        "positive, with a given mean and spread",
        "Parameters: mean, sd.",
        "[costs]\nacquisition = { gamma = { mean = 20, sd = 8 } }",
    ),
    topic(
        "metalog",
        &["keelin"],
        "any shape through three percentiles",
        "Parameters: p10, p50, p90; optional min and max bound it (Keelin's metalog with three terms).",
        "[serving]\ncost_per_subscriber = { metalog = { p10 = 0.5, p50 = 1, p90 = 2.5, min = 0 } }",
    ),
    topic(
        "discrete",
        &["choice"],
        "one of some values, by their weights",
        "Parameters: values; optional weights (equal where none are given).",
        "[price]\nmonthly = { discrete = { values = [4.99, 7.5, 9.99], weights = [1, 2, 1] } }",
    ),
    topic(
        "empirical",
        &["samples", "data"],
        "your own data: as likely as they are frequent, straight lines between them",
        "Parameters: values, up to 10,000.",
        "[retention]\nmonthly_churn = { empirical = { values = [0.031, 0.042, 0.044, 0.052, 0.071] } }",
    ),
];
