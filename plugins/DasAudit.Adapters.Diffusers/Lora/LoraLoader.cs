namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>
/// LoRAs from files that fit a model, and are applied to it: y + Σ weight·(α/r)·B·A·x at every layer that they change.
/// </summary>
internal sealed class LoraLoader : IDisposable
{
    private readonly List<OpenedLora> _loras = [];

    private LoraLoader() { }

    /// <summary>
    /// Reads the headers and finds the layers of the model, whose parameters need hold no values yet.
    /// </summary>
    /// <exception cref="AuditException">One is missing or damaged, or does not fit.</exception>
    internal static LoraLoader Open(LoraBase model, IReadOnlyList<LoraFile> files)
    {
        var loader = new LoraLoader();
        try
        {
            var sources = files.Select(file => LoraSource.Find(file.Path)).ToList();
            foreach (var (file, source) in files.Zip(sources))
                loader._loras.Add(new(file, source, new LoraReader(source, model)));
            return loader;
        }
        catch
        {
            loader.Dispose();
            throw;
        }
    }

    /// <summary>Applies them in their order, once the values of all of them have been read.</summary>
    /// <exception cref="AuditException">One holds values that are not finite; then none is applied.</exception>
    internal IReadOnlyList<LoraAdapter> Apply()
    {
        var changes = _loras.Select(lora => Changes(lora.Reader)).ToList();
        return [.. _loras.Select((lora, i) => Attach(LoraNames.Adapter(i), lora, changes[i]))];
    }

    public void Dispose() => _loras.ForEach(lora => lora.Reader.Dispose());

    private static List<LoraChange> Changes(LoraReader reader) =>
        [.. reader.Changes.Select(stored => new LoraChange(stored.Place, reader.Factors(stored), stored.Scale ?? 1))];

    private static LoraAdapter Attach(string name, OpenedLora lora, IReadOnlyList<LoraChange> changes)
    {
        foreach (var change in changes)
            LoraHook.Attach(change.Place.Layer, name, change.Factors, lora.File.Weight * change.Scale);
        return new(name, changes, lora.Source.Files, lora.Reader.Notes);
    }
}
