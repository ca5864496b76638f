using System.Text.Json;

namespace DasAudit.Evidence.Policies.Reading;

/// <summary>Where the values of a JSON text stand, by their paths: <c>rules[2].above</c>.</summary>
internal sealed class PolicyPositions
{
    private readonly Dictionary<string, FilePosition> _positions = new(StringComparer.Ordinal);

    /// <summary>Finds them.</summary>
    /// <param name="json">What has been parsed before, so that it is correct.</param>
    internal PolicyPositions(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(
            json,
            new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }
        );
        var lines = new LineCounter(json);
        var path = new Stack<(string Path, int Index)>();
        var name = "";
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
            {
                path.Pop();
                continue;
            }

            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                var outer = path.Peek().Path;
                name = outer.Length == 0 ? reader.GetString()! : $"{outer}.{reader.GetString()}";
                continue;
            }

            if (path.TryPop(out var parent))
            {
                if (parent.Index >= 0)
                    name = string.Create(
                        System.Globalization.CultureInfo.InvariantCulture,
                        $"{parent.Path}[{parent.Index}]"
                    );
                path.Push(parent.Index < 0 ? parent : (parent.Path, parent.Index + 1));
            }

            _positions[name] = lines.At((int)reader.TokenStartIndex);
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                path.Push((name, reader.TokenType == JsonTokenType.StartArray ? 0 : -1));
        }
    }

    /// <summary>Where a value stands; the file's beginning for one that is not there.</summary>
    internal FilePosition Of(string path) => _positions.GetValueOrDefault(path, new(1, 1));

    private ref struct LineCounter(ReadOnlySpan<byte> text)
    {
        private readonly ReadOnlySpan<byte> _text = text;
        private int _offset;
        private int _lineStart;
        private int _line = 1;

        internal FilePosition At(int offset)
        {
            for (; _offset < offset; _offset++)
            {
                if (_text[_offset] != '\n')
                    continue;
                _line++;
                _lineStart = _offset + 1;
            }

            return new(_line, 1 + System.Text.Encoding.UTF8.GetCharCount(_text[_lineStart..offset]));
        }
    }
}
