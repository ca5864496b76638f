namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>Applies LoRAs from files to a model: y + Σ weight·(α/r)·B·A·x at every layer that they change.</summary>
internal static class LoraLoader
{
    /// <summary>Applies them in their order. What is refused is refused before any of them is applied.</summary>
    internal static IReadOnlyList<LoraAdapter> Apply(LoraBase model, IReadOnlyList<LoraFile> files)
    {
        var sources = files.Select(file => LoraSource.Find(file.Path)).ToList();
        var readers = new List<LoraReader>();
        try
        {
            foreach (var source in sources)
                readers.Add(new LoraReader(source, model));
            var changes = readers.Select(Changes).ToList();
            return [.. changes.Select((part, i) => Attach(i, part, files[i].Weight, sources[i], readers[i]))];
        }
        finally
        {
            readers.ForEach(reader => reader.Dispose());
        }
    }

    private static List<LoraChange> Changes(LoraReader reader) =>
        [.. reader.Changes.Select(stored => new LoraChange(stored.Place, reader.Factors(stored), stored.Scale ?? 1))];

    private static LoraAdapter Attach(
        int index,
        IReadOnlyList<LoraChange> changes,
        double weight,
        LoraSource source,
        LoraReader reader
    )
    {
        var name = LoraNames.Adapter(index);
        foreach (var change in changes)
            LoraHook.Attach(change.Place.Layer, name, change.Factors, weight * change.Scale);
        return new(name, changes, source.Files, reader.Notes);
    }
}
