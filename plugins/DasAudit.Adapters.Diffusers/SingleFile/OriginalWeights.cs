using System.Globalization;
using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.ConditionalUnet;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>Which tensors of a file the parameters of its networks are, and which are left over.</summary>
internal sealed class OriginalWeights(OriginalFile file)
{
    private const string AveragePrefix = "model_ema.";

    private readonly List<(nn.Module Network, Dictionary<string, StoredTensor> Tensors)> _networks = [];
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private bool _hasAverage;

    /// <summary>Finds a network's tensors; refuses a file that lacks one.</summary>
    internal void Add(string part, nn.Module network, OriginalNames names)
    {
        var originals = network
            .named_parameters()
            .ToDictionary(entry => entry.name, entry => names.Of(entry.name), StringComparer.Ordinal);
        RefuseMissing(part, originals.Values);
        var tensors = originals.ToDictionary(
            entry => entry.Key,
            entry => new StoredTensor(entry.Value.Name, file.File, entry.Value.Part),
            StringComparer.Ordinal
        );
        Weights.CheckTypes(tensors.Values);
        _networks.Add((network, tensors));
        _used.UnionWith(originals.Values.Select(original => original.Name));
        _hasAverage |= names.Prefix == UnetNames.Prefix && originals.Values.All(HasAverage);
    }

    /// <summary>
    /// Refuses tensors that stand among those of a network but are not its own: it would compute something else.
    /// </summary>
    internal void RefuseForeignInNetworks()
    {
        string[] prefixes =
        [
            UnetNames.Prefix,
            $"{VaeNames.Prefix}encoder.",
            $"{VaeNames.Prefix}decoder.",
            .. file
                .TextEncoders.Where(_ => file.Family != OriginalFamily.StableDiffusion2)
                .Select(encoder => encoder.Prefix + encoder.LayersPrefix),
        ];
        var name = Foreign()
            .FirstOrDefault(foreign =>
                Array.Exists(prefixes, prefix => foreign.StartsWith(prefix, StringComparison.Ordinal))
            );
        if (name is not null)
            throw new AuditException(
                $"'{file.Path}' holds the tensor '{name}', which its configuration has no place for; give with "
                    + $"{ModelLoadOptions.ModelConfigName} the configuration that belongs to it."
            );
    }

    internal void Fill()
    {
        foreach (var (network, tensors) in _networks)
            Weights.Fill(network, tensors);
    }

    /// <summary>Sentences on what was not taken.</summary>
    internal IReadOnlyList<string> Notes()
    {
        var notes = new List<string>();
        if (_hasAverage)
            notes.Add(
                $"'{file.Path}' holds the U-Net's weights as trained and their moving average ({AveragePrefix}…); the "
                    + "weights as trained were taken, as the published tools do."
            );
        if (ForeignKeys.Sentence(file, [.. Foreign()]) is { } sentence)
            notes.Add(sentence);
        return notes;
    }

    private IEnumerable<string> Foreign() =>
        file.File.Names.Where(name => !_used.Contains(name) && !PredictionMarkers.Are(name));

    // Its names have no dots but the first.
    private bool HasAverage(OriginalTensor tensor)
    {
        const string Module = "model.";
        return file.Has(AveragePrefix + tensor.Name[Module.Length..].Replace(".", "", StringComparison.Ordinal));
    }

    private void RefuseMissing(string part, IEnumerable<OriginalTensor> originals)
    {
        var missing = originals.Select(tensor => tensor.Name).Distinct().Where(name => !file.Has(name)).ToList();
        if (missing.Count == 0)
            return;
        var more =
            missing.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" and {missing.Count - 1} more");
        throw new AuditException(
            $"'{file.Path}' lacks the tensor '{missing[0]}'{more}, which the configuration of its {part} asks for; "
                + $"get the whole file, or give with {ModelLoadOptions.ModelConfigName} the configuration that belongs "
                + "to it."
        );
    }
}
