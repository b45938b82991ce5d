//! Where each input acts: the equation that reads it, in the symbols of the model.

use super::keys::Key;

/// The equation that reads a key, and what it does there.
#[must_use]
pub fn acts(key: Key) -> &'static str {
    match key {
        Key::Months => "t = 1 … T; every sum runs to T, and nothing after it counts",
        Key::Target => "target_month: first t with P_t ≥ G; break_even and required_peak are compared with G",
        Key::ActiveUsers => "M_t = A0 (1 + g)^(t/12) (1 − R) W(p_t) c: every count of people is proportional to it",
        Key::AnnualGrowth => "M_t = A0 (1 + g)^(t/12) (1 − R) W(p_t) c",
        Key::RefusalRate => "M_t = A0 (1 + g)^(t/12) (1 − R) W(p_t) c: takes them out of the market at any price",
        Key::FollowThrough => {
            "M_t = A0 (1 + g)^(t/12) (1 − R) W(p_t) c: hypothetical bias only, never an observed share of payers"
        }
        Key::MedianPrice => "W(x) = 1 / (1 + (x/m)^k): the share of the willing who accept the price x",
        Key::Steepness => "W(x) = 1 / (1 + (x/m)^k): the price elasticity of demand is −k (1 − W)",
        Key::AnnualInnovation => "H_t = pB/12 + (qB/12) (1 − U_t / M_t): the monthly hazard of first adoption",
        Key::AnnualImitation => "H_t = pB/12 + (qB/12) (1 − U_t / M_t): grows with all who ever subscribed",
        Key::MonthlyChurn => "g_j = g_{j−1} ((1−μ)(1−φ) + (j−1)φ) / ((1−φ) + (j−1)φ): survival to age j; g_1 = 1 − μ",
        Key::ChurnSpread => "g_j = g_{j−1} ((1−μ)(1−φ) + (j−1)φ) / ((1−φ) + (j−1)φ): those who stay are the loyal ones",
        Key::WinBack => "B_t = d_t B_{t−1} − Y_t + ρ X_t, L_t = d_t L_{t−1} + (1 − ρ) X_t: lapsed, or lost for good",
        Key::MonthlyReturn => "Y_t = ω d_t B_{t−1}: the lapsed who return, as gross additions like any others",
        Key::PriceResponse => "w_t = 1 − η (1 − d_t), d_t = min(1, W(p_t) / W(p_{t−1})): survivors of a price rise",
        Key::PriceMonthly => "revenue p_t P_t, and demand W(p_t); `price.changes` replaces it from a month on",
        Key::FreeMonths => "Q_t = Σ_{j<f} of cohorts of age j: on trial, not paying; P_t = S_t − Q_t",
        Key::TrialConversion => "r_j = κ g_j from age f on: those whose trial fails have churned",
        Key::FeeRate => "V_t = p_t (1 − e) P_t + …",
        Key::Ancillary | Key::Support => "V_t = … + (a − v_t − s) S_t − …: of all subscribers, on trial or not",
        Key::Investment => "I_t = I / kI for t < kI: paid, whatever happens",
        Key::InvestmentMonths => "I_t = I / kI for t < kI; payback counts from month max(1, kI − 1) on",
        Key::MonthlyFixed => "CF_t = V_t − F − I_t",
        Key::Acquisition => "V_t = … − C N_t: for every gross addition, returners too",
        Key::CostPerSubscriber => "v_t = v0 (1 − δ)^(t/12) (1 − h · min(1, t/kh)): of all subscribers, on trial or not",
        Key::RequestsPerDay | Key::TokensPerRequest | Key::UsdPerMillionTokens => {
            "v0 = requests · (365.25 / 12) · tokens · price / 10^6; v_t = v0 (1 − δ)^(t/12) (1 − h · min(1, t/kh))"
        }
        Key::AnnualDecline | Key::EfficiencyGain | Key::EfficiencyRampMonths => {
            "v_t = v0 (1 − δ)^(t/12) (1 − h · min(1, t/kh)); kh = 0: the saving is there from the start"
        }
        Key::AnnualDiscountRate => "D_t = (1 + r)^(−t/12): NPV, discounted payback, affordable investment, LTV",
        Key::AnnualVolatility => "ε_t = exp(σ_m x_t − σ_m²/2), σ_m = σ/√12: multiplies the hazard of first adoption",
        Key::Persistence => "x_t = θ x_{t−1} + √(1 − θ²) z_t",
    }
}
