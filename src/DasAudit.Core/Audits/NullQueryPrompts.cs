using System.Globalization;
using DasAudit.Core.Datasets;
using DasAudit.Core.Files;

namespace DasAudit.Core.Audits;

/// <summary>Finds the prompts of null queries, and remembers what must be said of them.</summary>
internal sealed class NullQueryPrompts(TrainingSet set)
{
    private const int Shown = 3;

    private readonly List<string> _notes = [];
    private readonly PictureExamples _unknown = new();
    private int _captioned;
    private int _stated;

    /// <summary>A picture's caption in the folder, else the prompt that it states, else the empty one.</summary>
    public string Of(TrainingItem item)
    {
        if (item.Caption is { } caption)
        {
            _captioned++;
            return caption;
        }

        var path = Path.Combine(set.Path, item.Path);
        var prompt = File.Exists(path) ? QueryPrompt.Stated(path, item.Path) : null;
        _notes.AddRange(prompt?.Notes ?? []);
        if (prompt is null || prompt.Source == QueryPrompt.None)
            _unknown.Add(item.Path);
        else
            _stated++;
        return prompt?.Text ?? "";
    }

    /// <summary>Where the prompts of all were found, and the first few sentences on single ones.</summary>
    /// <param name="folder">As given.</param>
    /// <param name="audited">What was given for the audited pictures, which says nothing of these.</param>
    public IEnumerable<string> Notes(string folder, GivenPrompts audited)
    {
        var example = _unknown.Count > 0 ? $", first '{_unknown.First}'" : "";
        var alone = audited.Prompt is null ? "" : $"; {Settings.Name("prompt")} is that of the audited pictures alone";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"The null queries of '{folder}' were looked at under prompts of their own: captions ({_captioned}), what "
                + $"the picture states ({_stated}), the empty prompt ({_unknown.Count}{example}){alone}."
        );
        foreach (var note in _notes.Take(Shown))
            yield return note;
        if (_notes.Count > Shown)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"There are {_notes.Count - Shown} more such notes on prompts of null queries."
            );
    }
}
