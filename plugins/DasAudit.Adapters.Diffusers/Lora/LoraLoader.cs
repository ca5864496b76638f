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
            return
            [
                .. readers.Select(
                    (reader, index) =>
                        new LoraAdapter(
                            LoraNames.Adapter(index),
                            Attach(reader, LoraNames.Adapter(index), files[index].Weight),
                            sources[index].Files,
                            reader.Notes
                        )
                ),
            ];
        }
        finally
        {
            readers.ForEach(reader => reader.Dispose());
        }
    }

    private static List<LoraChange> Attach(LoraReader reader, string name, double weight)
    {
        var changes = new List<LoraChange>();
        foreach (var stored in reader.Changes)
        {
            var change = new LoraChange(stored.Place, reader.Factors(stored), stored.Scale ?? 1);
            LoraHook.Attach(stored.Place.Layer, name, change.Factors, weight * change.Scale);
            changes.Add(change);
        }
        return changes;
    }
}
