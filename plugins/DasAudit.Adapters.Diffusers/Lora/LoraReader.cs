using System.Globalization;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>
/// Reads the LoRA of a file in any of the known styles, and finds the layers of a model that it changes. All that can
/// be refused is refused from the file's header.
/// </summary>
internal sealed class LoraReader : IDisposable
{
    private const string TransformerPrefix = "transformer.";
    private const string KohyaTransformerPrefix = "lora_transformer_";

    private readonly SafetensorsFile _file;
    private readonly string _name;
    private readonly List<string> _notes = [];

    internal LoraReader(LoraSource source, LoraBase model)
    {
        _name = Path.GetFileName(source.WeightsFile);
        _file = SafetensorsFile.Open(source.WeightsFile);
        try
        {
            Changes = Read(source, model);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    internal IReadOnlyList<StoredChange> Changes { get; }

    /// <summary>Sentences on what was assumed or passed over.</summary>
    internal IReadOnlyList<string> Notes => _notes;

    /// <summary>Makes the layers of a change.</summary>
    internal LoraFactors Factors(StoredChange change)
    {
        using var scope = NewDisposeScope();
        var (tensors, layer) = (change.Tensors, change.Place.Layer);
        var middle = tensors.Middle is null ? null : Values(tensors.Middle);
        return LoraFactors.Of(layer, Values(tensors.Down!), middle, Values(tensors.Up!));
    }

    public void Dispose() => _file.Dispose();

    private List<StoredChange> Read(LoraSource source, LoraBase model)
    {
        var (modules, foreignNames) = LoraTensors.Of(_file.Path, _file.Names);
        OtherAdapters.Refuse(_file.Path, foreignNames);
        RefuseTransformers();
        var configs = PeftConfigs.Read(source, _file);
        var stated = StatedBase.Of(_file.Metadata, configs.BaseModel);
        if (modules.Count == 0)
            throw new AuditException(
                $"'{_file.Path}' holds no LoRA: none of its {_file.Names.Count} tensors has the name of one"
                    + $"{stated.Clause}; give the file of a LoRA as {ModelLoadOptions.LoraName}."
            );
        CheckParts(modules);
        stated.RefuseOther(_file.Path, model);
        var fit = new LoraFit(_file, model, stated);
        var places = fit.Places(modules);
        List<StoredChange> changes = [.. modules.Zip(places, (module, place) => Change(module, place, configs))];
        NoteForeign(foreignNames, fit);
        NoteAlphas(changes);
        if (fit.GuessedComponent(modules, places) is { } component)
            _notes.Add($"{_name} does not say which network it changes; its modules fit the {component}.");
        _notes.AddRange(stated.Notes(_name, model));
        return changes;
    }

    private void RefuseTransformers()
    {
        var tensor = _file.Names.FirstOrDefault(name =>
            name.StartsWith(TransformerPrefix, StringComparison.Ordinal)
            || name.StartsWith(KohyaTransformerPrefix, StringComparison.Ordinal)
        );
        if (tensor is not null)
            throw new AuditException(
                $"'{_file.Path}' is a LoRA of a transformer ('{tensor}'), as Stable Diffusion 3 and Flux have, where "
                    + "the model has a U-Net; give the model that it was made for, or another LoRA."
            );
    }

    private void CheckParts(IReadOnlyList<LoraTensors> modules)
    {
        foreach (var module in modules)
        {
            if (!module.IsComplete)
                throw new AuditException(
                    $"'{_file.Path}' holds only {string.Join(", ", module.All)} of the LoRA of '{module.Key}'; get "
                        + "the file again."
                );
            foreach (var tensor in module.Weights)
            {
                var type = _file.Get(tensor).Type;
                if (type is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
                    throw new AuditException(
                        $"'{_file.Path}' holds the tensor '{tensor}' as {type}; quantised weights are not supported, "
                            + "give the original ones."
                    );
            }
        }
    }

    private StoredChange Change(LoraTensors module, LoraPlace place, PeftConfigs configs)
    {
        var rank = _file.Get(module.Down!).Shape[0];
        if (module.Alpha is { } alpha)
            return new(place, module, Alpha(alpha) / rank);
        return new(place, module, configs.Of(place.Component)?.Scale(place.Module, rank));
    }

    private double Alpha(string tensor)
    {
        using var scope = NewDisposeScope();
        var values = _file.Read(tensor, ScalarType.Float64);
        var alpha = values.numel() == 1 ? values.item<double>() : double.NaN;
        if (!double.IsFinite(alpha))
            throw new AuditException($"'{_file.Path}' holds in '{tensor}' no number; get the file again.");
        return alpha;
    }

    private Tensor Values(string tensor)
    {
        var values = _file.Read(tensor, ScalarType.Float32);
        if (!values.isfinite().all().item<bool>())
            throw new AuditException(
                $"'{_file.Path}' holds values that are not finite (NaN or infinity) in the tensor '{tensor}'; the "
                    + "training diverged, or half precision overflowed when it was saved: give another LoRA."
            );
        return values;
    }

    private void NoteForeign(IReadOnlyList<string> foreignNames, LoraFit fit)
    {
        if (foreignNames.FirstOrDefault(fit.Concerns) is { } unknown)
            throw new AuditException(
                $"'{_file.Path}' holds '{unknown}', which is no part of a LoRA that is supported; give a plain LoRA."
            );
        if (foreignNames.Count > 0)
            _notes.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_name} holds tensors that belong to no LoRA ({foreignNames.Count}, such as {foreignNames[0]}), "
                ) + "which were ignored."
            );
    }

    private void NoteAlphas(List<StoredChange> changes)
    {
        var without = changes.Where(change => change.Scale is null).ToList();
        if (without.Count > 0)
            _notes.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_name} states no alpha for {without.Count} of its {changes.Count} modules, such as "
                ) + $"{without[0].Place.Module}; there alpha was taken to be the rank, as the published code does."
            );
    }
}
