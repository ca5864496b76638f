using System.Formats.Cbor;
using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Core.Pictures.Statements;

/// <summary>The content of assertions <c>c2pa.training-mining</c> and <c>cawg.training-mining</c>.</summary>
internal static class TrainingMining
{
    private const int LongestContent = 1 << 16;
    private const int Deepest = 16;
    private const int MostUses = 32;

    /// <summary>Reads the form in CBOR.</summary>
    /// <exception cref="InvalidDataException">It is too long, too deep, or no such assertion.</exception>
    /// <exception cref="CborContentException">It is no CBOR.</exception>
    public static IReadOnlyList<TrainingUse> ReadCbor(ReadOnlyMemory<byte> content)
    {
        CheckLength(content);
        var reader = new CborReader(content, CborConformanceMode.Lax, allowMultipleRootLevelValues: false);
        var uses = new List<TrainingUse>();
        ReadMap(
            reader,
            key =>
            {
                if (key == "entries")
                    ReadMap(reader, name => uses.Add(ReadUse(reader, name)));
                else
                    Skip(reader);
            }
        );
        return Checked(uses);
    }

    /// <summary>Reads the form in JSON, which early files have.</summary>
    /// <exception cref="InvalidDataException">It is too long, or no such assertion.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static IReadOnlyList<TrainingUse> ReadJson(ReadOnlyMemory<byte> content)
    {
        CheckLength(content);
        using var document = JsonDocuments.Parse(content, new() { MaxDepth = Deepest });
        if (
            document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("entries", out var entries)
            || entries.ValueKind != JsonValueKind.Object
        )
            return Checked([]);
        return Checked([
            .. entries
                .EnumerateObject()
                .Select(entry => new TrainingUse(
                    entry.Name,
                    Text(entry.Value, "use") ?? "",
                    Text(entry.Value, "constraint_info")
                )),
        ]);
    }

    /// <summary>What the uses come to.</summary>
    public static UseSignal Signal(string label, IReadOnlyList<TrainingUse> uses, string place)
    {
        // To infer is no training.
        var training = uses.Where(use => !use.Name.EndsWith("ai_inference", StringComparison.Ordinal)).ToList();
        var stance =
            training.Exists(use => use.Use == "notAllowed") ? SignalStance.OptOut
            : training.Exists(use => use.Use == "constrained") ? SignalStance.Conditions
            : training.Count > 0 && training.TrueForAll(use => use.Use == "allowed") ? SignalStance.Allowed
            : SignalStance.Silent;
        return new()
        {
            Kind = label,
            Stance = stance,
            Value = StatementReader.Clean(string.Join(", ", uses.Select(Written))),
            Says = string.Join("; ", uses.Select(Words)),
            Place = place,
        };
    }

    private static string Written(TrainingUse use) =>
        $"{use.Name}={use.Use}" + (use.Constraint is null ? "" : $" ({use.Constraint})");

    private static string Words(TrainingUse use)
    {
        var what = use.Name[(use.Name.IndexOf('.', StringComparison.Ordinal) + 1)..] switch
        {
            "ai_training" => "training AI",
            "ai_generative_training" => "training generative AI",
            "ai_inference" => "use as input of AI",
            "data_mining" => "data mining",
            var name => name,
        };
        return use.Use switch
        {
            "allowed" => $"{what} is allowed",
            "notAllowed" => $"{what} is not allowed",
            "constrained" => $"{what} is allowed under conditions, which a person must read",
            _ => $"{what}: '{use.Use}' is no value of the vocabulary",
        };
    }

    private static TrainingUse ReadUse(CborReader reader, string name)
    {
        string? use = null;
        string? constraint = null;
        ReadMap(
            reader,
            key =>
            {
                if (key == "use")
                    use = TextOrNothing(reader);
                else if (key == "constraint_info")
                    constraint = TextOrNothing(reader);
                else
                    Skip(reader);
            }
        );
        return new(name, use ?? "", constraint);
    }

    private static void ReadMap(CborReader reader, Action<string> readValue)
    {
        if (reader.PeekState() != CborReaderState.StartMap)
        {
            Skip(reader);
            return;
        }

        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            if (TextOrNothing(reader) is { } key)
                readValue(key);
            else
                Skip(reader);
        }

        reader.ReadEndMap();
    }

    private static string? TextOrNothing(CborReader reader)
    {
        if (reader.PeekState() is CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString)
            return reader.ReadTextString();
        Skip(reader);
        return null;
    }

    // One value with all in it; the reader itself has no limit of depth.
    private static void Skip(CborReader reader)
    {
        var top = reader.CurrentDepth;
        var isTagged = false;
        do
        {
            if (reader.CurrentDepth - top > Deepest)
                throw new InvalidDataException("it is nested too deep");
            var state = reader.PeekState();
            isTagged = state == CborReaderState.Tag;
            switch (state)
            {
                case CborReaderState.StartMap:
                    reader.ReadStartMap();
                    break;
                case CborReaderState.EndMap:
                    reader.ReadEndMap();
                    break;
                case CborReaderState.StartArray:
                    reader.ReadStartArray();
                    break;
                case CborReaderState.EndArray:
                    reader.ReadEndArray();
                    break;
                case CborReaderState.Tag:
                    reader.ReadTag();
                    break;
                default:
                    reader.SkipValue();
                    break;
            }
        } while (isTagged || reader.CurrentDepth > top);
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static void CheckLength(ReadOnlyMemory<byte> content)
    {
        if (content.Length > LongestContent)
            throw new InvalidDataException("it is too long");
    }

    private static IReadOnlyList<TrainingUse> Checked(List<TrainingUse> uses) =>
        uses.Count is > 0 and <= MostUses ? uses : throw new InvalidDataException("it has no entries, or too many");
}
