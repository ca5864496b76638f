using System.Text;

namespace DasAudit.Core.Files;

/// <summary>JSON as Python's json module writes it: with NaN and Infinity, which JSON does not have.</summary>
internal static class PythonJson
{
    private static readonly string[] Words = ["-Infinity", "Infinity", "NaN"];

    /// <summary>The same text with null in the place of these words; the text itself if it has none.</summary>
    public static string WithNulls(string text)
    {
        if (!Array.Exists(Words, word => text.Contains(word, StringComparison.Ordinal)))
            return text;
        StringBuilder? result = null;
        var copied = 0;
        var inString = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
                inString = !inString;
            else if (inString && text[i] == '\\')
                i++;
            if (inString || text[i] is not ('-' or 'I' or 'N'))
                continue;
            var rest = text.AsSpan(i);
            foreach (var word in Words)
            {
                if (!rest.StartsWith(word, StringComparison.Ordinal))
                    continue;
                result ??= new StringBuilder(text.Length);
                result.Append(text, copied, i - copied).Append("null");
                copied = i + word.Length;
                i = copied - 1;
                break;
            }
        }

        return result is null ? text : result.Append(text, copied, text.Length - copied).ToString();
    }
}
