using DasAudit.Core.Files;
using static TorchSharp.torch;

namespace DasAudit.Core.Training;

/// <summary>
/// The steps of a training: each takes the gradient of its batch and changes the state by it.
/// </summary>
internal sealed class TrainingSteps : IDisposable
{
    private readonly TrainingState _state;
    private readonly TrainingOptions _options;
    private readonly BatchGradients _gradients;

    /// <param name="load">Makes an independent copy of the model.</param>
    /// <param name="state">Where training stands; the caller disposes it after these steps.</param>
    /// <param name="inputs">Of the batches' set; the caller disposes it after these steps.</param>
    public TrainingSteps(
        Func<IDiffusionModel> load,
        TrainingState state,
        TrainingBatches batches,
        TrainingInputs inputs,
        TrainingOptions options,
        int threads
    )
    {
        (_state, _options) = (state, options);
        _gradients = new(load, state, batches, inputs, options, threads);
    }

    /// <summary>Does the next step.</summary>
    /// <returns>The loss of its batch before it.</returns>
    /// <exception cref="AuditException">The loss is not finite.</exception>
    public double Advance()
    {
        using var scope = NewDisposeScope();
        var (loss, flat) = _gradients.Of(_state.Step);
        using var gradient = flat;
        if (!double.IsFinite(loss) || !double.IsFinite(_state.Advance(gradient, _options)))
            throw new AuditException(
                $"The training loss stopped being finite at step {_state.Step}; "
                    + $"lower {Settings.Name("learning-rate")}."
            );
        return loss;
    }

    public void Dispose() => _gradients.Dispose();
}
