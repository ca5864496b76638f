using static TorchSharp.torch;

namespace DasAudit.Core.Training.Replay;

/// <summary>
/// The derivative of a loss of the finished, averaged weights by what training changed, carried back through its steps
/// one by one: AdamW with decoupled weight decay and clipped gradients, and the moving average of the weights.
/// </summary>
internal sealed class Adjoint : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Epsilon = 1e-8;

    // How far to go along a direction for the difference of two gradients, as a part of ‖θ‖.
    private const double ProbePart = 1e-3;

    private readonly TrainingOptions _options;

    // λ of the average, of the weights and of AdamW's moments, flat over the trained parameters.
    private readonly Tensor _average;
    private readonly Tensor _weights;
    private readonly Tensor _first;
    private readonly Tensor _second;

    /// <param name="gradient">∇ℓ(a_S) by the averaged weights, float32 [p]; it is copied.</param>
    public Adjoint(Tensor gradient, TrainingOptions options)
    {
        _options = options;
        _average = gradient.clone().DetachFromDisposeScope();
        _weights = zeros_like(gradient).DetachFromDisposeScope();
        _first = zeros_like(gradient).DetachFromDisposeScope();
        _second = zeros_like(gradient).DetachFromDisposeScope();
    }

    /// <summary>Goes back over the step before those that it has gone back over.</summary>
    /// <param name="gradientAt">∇L_k at other weights, float32 [p] in the caller's dispose scope.</param>
    /// <returns>
    /// u = dℓ/d∇L_k(θ_k): what the loss in the end gains per unit of that gradient, in the caller's dispose scope.
    /// </returns>
    public Tensor Undo(ReplayStep step, Func<Tensor, Tensor> gradientAt)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        UndoAverage(step.Number);
        var rate = _options.LearningRateAt(step.Number);
        UndoUpdate(step, rate);
        var direction = UndoMoments(step);
        _weights.mul_(1 - rate * _options.WeightDecay);
        AddCurvature(step, direction, gradientAt);
        return direction.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _average.Dispose();
        _weights.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    // a ← d·a + (1 − d)·θ
    private void UndoAverage(int step)
    {
        var decay = TrainingState.AverageDecay(step, _options);
        _weights.add_(_average, alpha: 1 - decay);
        _average.mul_(decay);
    }

    // θ ← (1 − lr·wd)·θ − lr/(1 − β₁^(k+1))·m/(r + ε), r = √(v/(1 − β₂^(k+1)))
    private void UndoUpdate(ReplayStep step, double rate)
    {
        var firstCorrection = 1 - Math.Pow(Beta1, step.Number + 1);
        var secondCorrection = 1 - Math.Pow(_options.Beta2, step.Number + 1);
        var size = rate / firstCorrection;
        var root = (step.SecondMoments / secondCorrection).sqrt();
        // A parameter that never had a gradient has none in any picture.
        var moved = root > 0;
        var perDenominator = where(moved, _weights / (root + Epsilon), zeros_like(root));
        _first.add_(perDenominator, alpha: -size);
        var slope = step.FirstMoments * perDenominator / (2 * root * (root + Epsilon) * secondCorrection);
        _second.add_(where(moved, slope, zeros_like(root)), alpha: size);
    }

    // m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², g = c·G/‖G‖ where ‖G‖ > c
    private Tensor UndoMoments(ReplayStep step)
    {
        var direction = _first * (1 - Beta1) + 2 * (1 - _options.Beta2) * step.Gradient * _second;
        _first.mul_(Beta1);
        _second.mul_(_options.Beta2);
        if (step.Norm <= _options.GradientClip)
            return direction;
        var unit = step.Gradient / _options.GradientClip;
        return _options.GradientClip / step.Norm * (direction - unit * unit.dot(direction));
    }

    // λθ ← λθ + ∇²L_k(θ_k)·u, from two gradients
    private void AddCurvature(ReplayStep step, Tensor direction, Func<Tensor, Tensor> gradientAt)
    {
        var length = direction.norm().item<float>();
        if (length == 0)
            return;
        var distance = ProbePart * step.Weights.norm().item<float>();
        var probe = Differentiated(gradientAt, step.Weights + direction * (distance / length));
        var whole = step.Norm > _options.GradientClip ? step.Norm / _options.GradientClip : 1;
        _weights.add_(probe - step.Gradient * whole, alpha: length / distance);
    }

    private static Tensor Differentiated(Func<Tensor, Tensor> gradientAt, Tensor weights)
    {
        using var withGradient = enable_grad();
        return gradientAt(weights);
    }
}
