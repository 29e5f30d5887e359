"""Gaussian processes and acquisition functions of BoTorch, in several settings."""

from designer_peers.peer import Peer

AT_A_TIME = 256
"""Candidates of a list that are looked at together: several objectives need much memory for each."""


class BoTorch(Peer):
    """The default Gaussian process, and log expected improvement."""

    packages = ("botorch",)

    def ask(self, pending):
        """See `Peer`."""
        import torch
        from botorch.fit import fit_gpytorch_mll
        from gpytorch.mlls import ExactMarginalLogLikelihood

        torch.manual_seed(self.seed + len(self.points))
        values = torch.tensor(self.values, dtype=torch.float64).reshape(len(self.points), -1)
        model = self.model(torch.tensor(self.rows(self.points)), values)
        fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
        return self.highest(self.worth(model, values, pending), pending)

    def model(self, rows, values):
        """A model that is not fitted yet."""
        from botorch.models import SingleTaskGP

        return SingleTaskGP(rows, values)

    def worth(self, model, values, pending):
        """The acquisition function."""
        from botorch.acquisition import LogExpectedImprovement

        return LogExpectedImprovement(self.believing(model, values, pending), values.max())

    def believing(self, model, values, pending):
        """The same model, as if what is pending had come out as it expects."""
        import torch

        if not pending:
            return model
        awaited = torch.tensor(self.rows(pending))
        expected = model.posterior(awaited).mean.detach()
        believing = self.model(
            torch.cat([torch.tensor(self.rows(self.points)), awaited]), torch.cat([values, expected])
        )
        believing.load_state_dict(model.state_dict())
        return believing.eval()

    def highest(self, worth, pending):
        """The point of the highest worth."""
        import torch
        from botorch.optim import optimize_acqf

        if self.pool is None:
            box = torch.tensor([[0.0], [1.0]], dtype=torch.float64).expand(2, self.dimension)
            found, _ = optimize_acqf(worth, bounds=box, q=1, num_restarts=5, raw_samples=20)  # as in its README
            return found[0].tolist()
        fresh = self.fresh(pending)
        with torch.no_grad():
            worths = [worth(looks[:, None]) for looks in torch.tensor(self.pool[fresh]).split(AT_A_TIME)]
        return int(fresh[int(torch.cat(worths).argmax())])


class BoTorchUCB(BoTorch):
    """The same with an upper confidence bound of beta 1."""

    def worth(self, model, values, pending):
        """See `BoTorch`."""
        from botorch.acquisition import UpperConfidenceBound

        return UpperConfidenceBound(self.believing(model, values, pending), beta=1.0)


class EDBO(BoTorch):
    """Kernel, priors and acquisition as EDBO sets them (Shields et al., Nature 590, 89, 2021; edbo/bro.py)."""

    def model(self, rows, values):
        """See `BoTorch`."""
        from botorch.models import SingleTaskGP
        from gpytorch.constraints import GreaterThan
        from gpytorch.kernels import MaternKernel, ScaleKernel
        from gpytorch.likelihoods import GaussianLikelihood
        from gpytorch.priors import GammaPrior

        shape = MaternKernel(nu=2.5, ard_num_dims=self.dimension, lengthscale_prior=GammaPrior(2.0, 0.2))
        kernel = ScaleKernel(shape, outputscale_prior=GammaPrior(5.0, 0.5))
        noise = GaussianLikelihood(noise_prior=GammaPrior(1.5, 0.5), noise_constraint=GreaterThan(1e-5))
        shape.lengthscale, kernel.outputscale, noise.noise = 5.0, 8.0, 1.0
        return SingleTaskGP(rows, values, likelihood=noise, covar_module=kernel)

    def worth(self, model, values, pending):
        """See `BoTorch`."""
        from botorch.acquisition import ExpectedImprovement

        return ExpectedImprovement(self.believing(model, values, pending), values.max())


class LogNEHVI(BoTorch):
    """Several objectives: the default Gaussian process of each, and noisy expected hypervolume improvement."""

    def worth(self, model, values, pending):
        """See `BoTorch`."""
        import torch
        from botorch.acquisition.multi_objective.logei import qLogNoisyExpectedHypervolumeImprovement
        from botorch.utils.multi_objective.hypervolume import infer_reference_point
        from botorch.utils.multi_objective.pareto import is_non_dominated

        return qLogNoisyExpectedHypervolumeImprovement(
            model,
            infer_reference_point(values[is_non_dominated(values)]),
            torch.tensor(self.rows(self.points)),
            prune_baseline=True,
            X_pending=torch.tensor(self.rows(pending)) if pending else None,
        )
