using DasAudit.Core.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Training;

/// <summary>
/// The steps of a training: each takes the gradient of its batch and changes the state by it.
/// </summary>
/// <remarks>A GPU computes while the processor prepares the next step: losses are read after some steps.</remarks>
internal sealed class TrainingSteps : IDisposable
{
    private const int UnreadOnDevice = 32;

    private readonly List<Tensor> _unread = [];
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
    /// <returns>The losses of steps that were not read before, each of its batch before the step.</returns>
    /// <exception cref="AuditException">A loss is not finite.</exception>
    public IReadOnlyList<double> Advance()
    {
        using var scope = NewDisposeScope();
        var (loss, flat) = _gradients.Of(_state.Step);
        using var gradient = flat;
        using var norm = _state.Advance(gradient, _options);
        _unread.Add(stack([loss, norm]).DetachFromDisposeScope());
        loss.Dispose();
        var most = norm.device_type == DeviceType.CPU ? 1 : UnreadOnDevice;
        return _unread.Count < most ? [] : ReadLosses();
    }

    /// <summary>The losses of steps that were not read before.</summary>
    /// <exception cref="AuditException">One is not finite.</exception>
    public IReadOnlyList<double> ReadLosses()
    {
        if (_unread.Count == 0)
            return [];
        using var scope = NewDisposeScope();
        var values = stack(_unread).cpu().data<double>().ToArray();
        var first = _state.Step - _unread.Count;
        Forget();
        if (Array.FindIndex(values, value => !double.IsFinite(value)) is >= 0 and var place)
            throw new AuditException(
                $"The training loss stopped being finite at step {first + place / 2}; "
                    + $"lower {Settings.Name("learning-rate")}."
            );
        return [.. values.Where((_, place) => place % 2 == 0)];
    }

    public void Dispose()
    {
        Forget();
        _gradients.Dispose();
    }

    private void Forget()
    {
        _unread.ForEach(unread => unread.Dispose());
        _unread.Clear();
    }
}
