namespace DasAudit.Core.Torch;

/// <summary>A model rented from a <see cref="ModelPool"/>. Its hooks must be gone when it is given back.</summary>
public sealed class ModelCopy : IDisposable
{
    private readonly bool[] _requireGradients;
    private readonly Action<ModelCopy> _giveBack;

    internal ModelCopy(IDiffusionModel model, int number, Action<ModelCopy> giveBack)
    {
        (Model, Number, _giveBack) = (model, number, giveBack);
        _requireGradients = [.. model.Network.parameters().Select(parameter => parameter.requires_grad)];
    }

    /// <summary>The model; the pool disposes it.</summary>
    public IDiffusionModel Model { get; }

    /// <summary>How many were loaded before.</summary>
    internal int Number { get; }

    /// <summary>Gives the copy back to its pool.</summary>
    public void Dispose() => _giveBack(this);

    /// <summary>Lets the same parameters require gradients as when the model was loaded.</summary>
    internal void Restore()
    {
        foreach (var (parameter, requireGradients) in Model.Network.parameters().Zip(_requireGradients))
        {
            parameter.grad = null;
            parameter.requires_grad_(requireGradients);
        }
    }
}
