using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>
/// What the original layout calls the modules of a network. Each module has its own entry, so that no name is taken for
/// the beginning of another.
/// </summary>
/// <param name="prefix">What stands before every name of the network, such as <c>first_stage_model.</c>.</param>
internal sealed class ModuleNames(string prefix)
{
    private readonly Dictionary<string, string> _originals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OriginalTensor> _tensors = new(StringComparer.Ordinal);

    internal string Prefix => prefix;

    /// <summary>Adds a module; those inside it are called as in diffusers, unless they are added.</summary>
    internal void Add(string module, string original) => _originals.Add(module, original);

    /// <summary>Adds a parameter whose name, or what is stored under it, does not follow from its module.</summary>
    internal void AddTensor(string parameter, string original, TensorPart part = TensorPart.Whole) =>
        _tensors.Add(parameter, new(prefix + original, part));

    /// <summary>The tensor of the original layout that a parameter is.</summary>
    internal OriginalTensor Of(string parameter)
    {
        if (_tensors.TryGetValue(parameter, out var tensor))
            return tensor;
        var end = parameter.LastIndexOf('.');
        while (end > 0)
        {
            if (_originals.TryGetValue(parameter[..end], out var original))
                return new(prefix + original + parameter[end..], TensorPart.Whole);
            end = parameter.LastIndexOf('.', end - 1);
        }
        return new(prefix + parameter, TensorPart.Whole);
    }
}
