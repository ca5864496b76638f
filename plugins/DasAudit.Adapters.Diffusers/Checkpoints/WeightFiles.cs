namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>Which of a folder's files of weights is meant.</summary>
internal static class WeightFiles
{
    private const string GiveItsPath = "give the path of the one that is meant as the model";
    private static readonly string[] Pickles = [".bin", ".ckpt", ".pt", ".pth"];

    /// <summary>The file that was given, or the only one that can be meant.</summary>
    /// <exception cref="AuditException">There is none, or nothing says which of several.</exception>
    internal static WeightFile Of(Checkpoint checkpoint) =>
        checkpoint.GivenWeights is { } given
            ? Given(given)
            : Only(checkpoint.ModelFolder, WeightFile.Diffusers, GiveItsPath);

    /// <summary>The only file of a pipeline's part that can be meant; its name begins with the stem.</summary>
    /// <exception cref="AuditException">There is none, or nothing says which of several.</exception>
    internal static WeightFile OfPart(string folder, string stem) =>
        Only(folder, stem, $"call the one that is meant {PlainName(stem)}");

    private static WeightFile Given(string path) =>
        WeightFile.IsShard(path)
            ? throw new AuditException(
                $"'{path}' is one shard of several; give their folder, or the index that lists them, as the model."
            )
            : WeightFile.Given(path);

    private static WeightFile Only(string folder, string stem, string choose)
    {
        var files = Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).ToList();
        var weights = files.Select(WeightFile.Of).OfType<WeightFile>().Where(file => file.Stem == stem).ToList();
        var plain = weights.Where(file => file.Variant is null).ToList();
        return (plain.Count > 0 ? plain : weights) switch
        {
            [var only] => only,
            [] => throw None(folder, PlainName(stem), choose, files),
            var several => throw new AuditException(
                $"'{folder}' holds {string.Join(" and ", several.Select(file => file.FileName))}; {choose}."
            ),
        };
    }

    private static AuditException None(string folder, string plain, string choose, IReadOnlyList<string> files)
    {
        if (files.FirstOrDefault(WeightFile.IsShard) is { } shard)
            return new(
                $"'{folder}' holds shards such as {Path.GetFileName(shard)}, but not the index that lists them "
                    + $"({plain}.index.json); put it there."
            );
        if (files.Where(WeightFile.IsSafetensors).Select(Path.GetFileName).ToList() is { Count: > 0 } otherNames)
            return new($"'{folder}' holds no {plain}, but {string.Join(" and ", otherNames)}; {choose}.");
        if (files.FirstOrDefault(IsPickle) is { } pickle)
            return new(
                $"'{pickle}' is a pickle, which may run any code when it is read; convert it to "
                    + $"{plain} (diffusers: save_pretrained with safe_serialization=True)."
            );
        return new($"'{folder}' holds no {plain}; put the trained weights there.");
    }

    private static string PlainName(string stem) => $"{stem}.safetensors";

    private static bool IsPickle(string file) => Pickles.Contains(Path.GetExtension(file));
}
