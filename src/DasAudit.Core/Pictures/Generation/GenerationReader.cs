using System.Text.Json;

namespace DasAudit.Core.Pictures.Generation;

/// <summary>Reads how a picture was generated from what its file holds and what lies beside it.</summary>
internal static class GenerationReader
{
    private const int LongestBeside = 1 << 22;

    // The earlier ones say more.
    private static readonly string[] Order = ["parameters", "prompt", "invokeai_metadata", "sd-metadata", "Comment"];

    /// <summary>Reads what a picture file says, then a JSON or text file of its name, then its XMP.</summary>
    /// <param name="path">The picture file, absolute.</param>
    /// <param name="name">What sentences call it.</param>
    public static GenerationReading Read(string path, string name)
    {
        var texts = EmbeddedTexts.Read(path, name, out var problem);
        var notes = new List<string>();
        if (problem is not null)
            notes.Add(problem);
        var isXmp = texts.ToLookup(text => text.Place == EmbeddedText.Xmp);
        var inFile = isXmp[false].OrderBy(Rank);
        var readings = new List<GenerationFacts>();
        foreach (var text in inFile.Concat(Beside(path)).Concat(isXmp[true]))
        {
            if (GenerationText.Read(text, out var broken) is { } facts)
                readings.Add(WithDescription(facts, texts));
            if (broken is not null)
                notes.Add(broken);
        }

        if (!readings.Exists(facts => facts.Prompt is not null) && OfPlainTexts(texts) is { } plain)
            readings.Add(plain);
        var prompted = readings.FindAll(facts => facts.Prompt is not null);
        var chosen = prompted.Count > 0 ? prompted[0] : readings.FirstOrDefault();
        if (prompted.Find(facts => facts.Prompt != chosen!.Prompt) is { } second)
            notes.Add(
                $"The picture states two prompts; that of its {chosen!.Source} was taken, not that of its "
                    + $"{second.Source}."
            );
        return new(chosen, notes);
    }

    private static int Rank(EmbeddedText text)
    {
        var rank = Array.IndexOf(Order, text.Key);
        return rank < 0 ? Order.Length : rank;
    }

    private static IEnumerable<EmbeddedText> Beside(string path)
    {
        foreach (
            var beside in (string[])
                [Path.ChangeExtension(path, ".json"), path + ".json", Path.ChangeExtension(path, ".txt")]
        )
        {
            if (TextAt(beside) is { } text)
                yield return new($"file '{Path.GetFileName(beside)}'", "", text);
        }
    }

    private static string? TextAt(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: > 0 and <= LongestBeside }
                ? File.ReadAllText(path)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // NovelAI once wrote the prompt into a text of its own.
    private static GenerationFacts WithDescription(GenerationFacts facts, IReadOnlyList<EmbeddedText> texts)
    {
        if (
            facts.Prompt is not null
            || Find(texts, "Software")?.StartsWith("NovelAI", StringComparison.Ordinal) != true
        )
            return facts;
        return facts with { Prompt = Find(texts, "Description"), Model = facts.Model ?? Find(texts, "Source") };
    }

    // Easy Diffusion has a text for each key, and the IPTC's XMP one for the prompt.
    private static GenerationFacts? OfPlainTexts(IReadOnlyList<EmbeddedText> texts)
    {
        var png = texts.Where(text => text.Place == EmbeddedText.Png).DistinctBy(text => text.Key);
        var values = png.ToDictionary(text => text.Key, text => text.Text, StringComparer.Ordinal);
        if (values.TryGetValue("prompt", out var prompt) && !prompt.StartsWith('{'))
            return GenerationJson.Read(JsonSerializer.SerializeToElement(values), $"{EmbeddedText.Png} 'prompt'");
        return texts.FirstOrDefault(text => text.Key == "AIPromptInformation") is { } stated
            ? new() { Source = stated.Name, Prompt = stated.Text }
            : null;
    }

    private static string? Find(IReadOnlyList<EmbeddedText> texts, string key) =>
        texts.FirstOrDefault(text => text.Place == EmbeddedText.Png && text.Key == key)?.Text;
}
