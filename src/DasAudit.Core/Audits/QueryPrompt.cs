using DasAudit.Core.Files;
using DasAudit.Core.Pictures.Generation;

namespace DasAudit.Core.Audits;

/// <summary>The prompt that a generated picture is looked at under, and what else it says of its generation.</summary>
/// <param name="Text">What the text encoder is given.</param>
/// <param name="Source">Where the prompt comes from, for a report.</param>
/// <param name="Facts">What the picture says; null for nothing.</param>
/// <param name="Notes">What was decided, in sentences.</param>
internal sealed record QueryPrompt(string Text, string Source, GenerationFacts? Facts, IReadOnlyList<string> Notes)
{
    /// <summary>What <see cref="Source"/> says where nothing states a prompt.</summary>
    public const string None = "none: the empty prompt";

    /// <summary>Takes the prompt that was given, else the picture's own, else the empty one.</summary>
    /// <param name="path">The picture file, absolute.</param>
    /// <param name="name">What sentences call it.</param>
    public static QueryPrompt Of(GivenPrompts given, string path, string name)
    {
        var prompt = given.Prompt is { } text ? Given(text, path, name) : Own(path, name);
        return given.Negative is { } negative && prompt.Facts?.NegativePrompt is { } own && own != negative
            ? prompt with
            {
                Notes = [.. prompt.Notes, OverruledNegative(name, prompt.Facts)],
            }
            : prompt;
    }

    /// <summary>The prompt that a picture states; the empty one, of the source <see cref="None"/>, if none.</summary>
    /// <inheritdoc cref="Of"/>
    public static QueryPrompt Stated(string path, string name)
    {
        var reading = GenerationReader.Read(path, name);
        var facts = reading.Facts;
        if (facts?.Prompt is not { } prompt)
            return new("", None, facts, reading.Notes);
        var text = PromptText.Plain(prompt, facts.Marks, out var hasWeights);
        return new(text, facts.Source, facts, [.. reading.Notes, .. Marks(text, prompt, hasWeights, name)]);
    }

    private static QueryPrompt Own(string path, string name)
    {
        var stated = Stated(path, name);
        return stated.Source == None ? stated with { Notes = [.. stated.Notes, NoPrompt(name)] } : stated;
    }

    private static QueryPrompt Given(string prompt, string path, string name)
    {
        var facts = GenerationReader.Read(path, name).Facts;
        return new(prompt, Settings.Name("prompt"), facts, [.. Overruled(prompt, facts, name)]);
    }

    private static string OverruledNegative(string name, GenerationFacts facts) =>
        $"'{name}' states another negative prompt ({facts.Source}) than {Settings.Name("negative-prompt")}, which the "
        + "report shows; scores depend on neither.";

    private static string NoPrompt(string name) =>
        $"Nothing says which prompt '{name}' was generated with, so it was looked at under the empty prompt; "
        + $"{Settings.Name("prompt")} gives it.";

    private static IEnumerable<string> Overruled(string given, GenerationFacts? facts, string name)
    {
        if (facts?.Prompt is { } own && own != given && PromptText.Plain(own, facts.Marks, out _) != given)
            yield return $"'{name}' states another prompt ({facts.Source}) than {Settings.Name("prompt")}, which was "
                + "taken.";
    }

    private static IEnumerable<string> Marks(string text, string prompt, bool hasWeights, string name)
    {
        if (hasWeights)
            yield return $"The prompt of '{name}' weighs words by brackets; the model was given the words alone, "
                + "without weights.";
        else if (text != prompt)
            yield return $"The prompt of '{name}' holds marks of the program that wrote it; the model was given the "
                + "text without them.";
    }
}
