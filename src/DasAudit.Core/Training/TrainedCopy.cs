using static TorchSharp.torch;

namespace DasAudit.Core.Training;

/// <summary>
/// A copy of the model whose trained parameters are views of the weights of a <see cref="TrainingState"/>, so that no
/// step copies them, and whose gradients are views of one flat vector. It is used by one thread at a time.
/// </summary>
internal sealed class TrainedCopy : IDisposable
{
    private readonly Tensor _gradient;

    /// <param name="model">Disposed of with the copy.</param>
    public TrainedCopy(IDiffusionModel model, TrainingState state)
    {
        Model = model;
        model.Network.train();
        TrainedParameters.RequireGradients(model);
        _gradient = state.Layout.Zeros().DetachFromDisposeScope();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var weights = state.Layout.Views(state.Weights);
        var gradients = state.Layout.Views(_gradient);
        foreach (var ((_, parameter), (weight, gradient)) in TrainedParameters.Of(model).Zip(weights.Zip(gradients)))
        {
            parameter.set_(weight.View);
            parameter.grad = gradient.View;
        }
    }

    /// <summary>In training mode; exactly the trained parameters require gradients.</summary>
    public IDiffusionModel Model { get; }

    /// <summary>What backward passes have added up, flat, which the caller disposes; the next starts at zero.</summary>
    public Tensor TakeGradient()
    {
        using var noGradient = no_grad();
        var gradient = _gradient.clone();
        _gradient.zero_();
        return gradient;
    }

    public void Dispose()
    {
        Model.Dispose();
        _gradient.Dispose();
    }
}
