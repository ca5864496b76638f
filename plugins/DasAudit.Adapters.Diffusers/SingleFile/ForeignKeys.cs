namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>Tensors of a single file that no network takes.</summary>
internal static class ForeignKeys
{
    private const int Named = 8;

    // Of these there are hundreds, which one name stands for.
    private static readonly string[] Groups =
    [
        "model_ema.",
        "first_stage_model.loss.",
        "first_stage_model.model_ema.",
        "control_model.",
        "cond_stage_model.model.transformer.resblocks.",
        "cond_stage_model.model.visual.",
        "conditioner.embedders.1.model.visual.",
    ];

    /// <summary>How many there are and what they are called; null if there are none.</summary>
    internal static string? Sentence(OriginalFile file, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return null;
        var labels = names.GroupBy(Label).OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        var listed = labels.Take(Named).Select(group => group.Key).ToList();
        if (labels.Count > Named)
            listed.Add("and others");
        var count = names.Count == 1 ? "a tensor" : $"{names.Count} tensors";
        return $"'{file.Path}' holds {count} that no network of the "
            + $"model takes, ignored here: {string.Join(", ", listed)}.";
    }

    private static string Label(string name) =>
        Array.Find(Groups, group => name.StartsWith(group, StringComparison.Ordinal)) is { } prefix
            ? $"{prefix}*"
            : name;
}
