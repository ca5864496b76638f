using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Core.Pictures.Generation;

/// <summary>Understands a text, whichever program wrote it, by what it looks like.</summary>
internal static class GenerationText
{
    // Under these names, and in files beside pictures, programs write JSON; elsewhere a brace begins many a text.
    private static readonly string[] JsonKeys = ["prompt", "workflow", "invokeai_metadata", "sd-metadata", ""];

    /// <summary>What it says; null for a text that says nothing of a picture's generation.</summary>
    /// <param name="problem">A sentence if it looks like a program's and cannot be read; else null.</param>
    public static GenerationFacts? Read(EmbeddedText text, out string? problem)
    {
        problem = null;
        var content = WithoutLabel(text.Text.Trim('\0', ' ', '\n', '\r', '\t', '\ufeff'));
        if (!content.StartsWith('{'))
            return InfoText.Read(content, text.Name);
        try
        {
            using var document = JsonDocuments.Parse(PythonJson.WithNulls(content));
            return OfObject(document.RootElement, text.Name);
        }
        // The second is for texts with half a character, as programs that cut prompts leave them.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            if (JsonKeys.Contains(text.Key))
                problem = $"The {text.Name} of the picture is broken JSON, which was passed over.";
            return InfoText.Read(content, text.Name);
        }
    }

    private static GenerationFacts? OfObject(JsonElement root, string source)
    {
        if (ComfyNodes.OfPrompt(root) is { } nodes)
            return ComfyGraph.Read(nodes, source);
        if (ComfyNodes.OfWorkflow(root) is { } workflow)
            return ComfyGraph.Read(workflow, source);
        return GenerationJson.Read(root, source);
    }

    // As ComfyUI writes EXIF: prompt:{…}.
    private static string WithoutLabel(string text)
    {
        foreach (var label in (string[])["prompt:", "workflow:", "Prompt:", "Workflow:"])
            if (text.StartsWith(label, StringComparison.Ordinal) && text[label.Length..].TrimStart().StartsWith('{'))
                return text[label.Length..].TrimStart();
        return text;
    }
}
