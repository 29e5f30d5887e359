import numpy as np
import torch
from scipy.stats import norm

from planning.design.acquisition import climb, evaluate, log_improvement, over_the_best
from planning.design.space import LinearConstraint, Mixture, Space
from planning.design.surrogate import fit


def test_the_log_of_the_improvement_agrees_with_its_closed_form() -> None:
    z = np.linspace(-30.0, 5.0, 200)

    found = log_improvement(torch.from_numpy(z)).numpy()

    # integral of the normal's upper tail, in logarithms: phi(z) + z Phi(z)
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = np.log(norm.pdf(z) + z * norm.cdf(z))
    trusted = z > -4
    np.testing.assert_allclose(found[trusted], plain[trusted], rtol=1e-9)
    np.testing.assert_allclose(found[0], norm.logpdf(-30.0) - 2 * np.log(30.0) + np.log1p(-3 / 900 + 15 / 30**4), 1e-7)


def test_the_log_of_the_improvement_has_a_slope_however_unlikely() -> None:
    z = torch.tensor([-1e4, -100.0, -5.0, -1.0, 0.0, 10.0], dtype=torch.float64, requires_grad=True)

    log_improvement(z).sum().backward()  # type: ignore[no-untyped-call]

    assert z.grad is not None
    assert bool((z.grad > 0).all())


def test_repeating_the_incumbent_promises_nothing() -> None:
    inputs = np.linspace(0.0, 1.0, 6)[:, None]
    surrogate = fit(inputs, np.sin(5 * inputs[:, 0]), noise_std=0.1)
    function = over_the_best(surrogate, inputs)

    gains = evaluate(function, inputs)

    incumbent = surrogate.posterior(inputs)[0].argmax()
    assert np.exp(gains[incumbent]) < 1e-5


def test_climbing_finds_the_most_promising_point_that_keeps_the_constraints() -> None:
    space = Space(
        mixtures={"m": Mixture("abcde")}, constraints=[LinearConstraint({"m.a": 1.0, "m.b": -1.0}, lower=0.15)]
    )
    rng = np.random.default_rng(0)
    tried = space.polytope.sample(12, rng)
    function = over_the_best(fit(tried, tried @ np.array([0.0, 1.0, -1.0, 0.5, 0.0]), 0.01), tried)

    found = climb(function, space.polytope, space.polytope.sample(4, rng))

    (point,) = space.decode(found[None])
    assert space.contains(point)
    assert evaluate(function, found[None])[0] >= evaluate(function, space.polytope.sample(500, rng)).max()
