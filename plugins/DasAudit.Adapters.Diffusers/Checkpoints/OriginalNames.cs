namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>
/// What the original layout calls the modules of a network. Each module has its own entry, so that no name is taken for
/// the beginning of another.
/// </summary>
/// <param name="prefix">What stands before every name of the network, such as <c>first_stage_model.</c>.</param>
internal sealed class OriginalNames(string prefix)
{
    private readonly Dictionary<string, string> _modules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OriginalTensor> _tensors = new(StringComparer.Ordinal);

    internal string Prefix => prefix;

    /// <summary>Adds a module; those inside it are called as in diffusers, unless they are added.</summary>
    internal void Add(string module, string original) => _modules.Add(module, original);

    /// <summary>Adds a parameter whose name, or what is stored under it, does not follow from its module.</summary>
    internal void AddTensor(string parameter, string original, TensorPart part = TensorPart.Whole) =>
        _tensors.Add(parameter, new(prefix + original, part));

    /// <summary>The tensor of the original layout that a parameter is.</summary>
    internal OriginalTensor Of(string parameter) =>
        _tensors.TryGetValue(parameter, out var tensor)
            ? tensor
            : new(prefix + WithoutPrefix(parameter), TensorPart.Whole);

    /// <summary>The original name of a module or parameter, without the prefix.</summary>
    internal string WithoutPrefix(string name)
    {
        var end = name.Length;
        while (end > 0)
        {
            if (_modules.TryGetValue(name[..end], out var original))
                return original + name[end..];
            end = name.LastIndexOf('.', end - 1);
        }
        return name;
    }
}
