using DasAudit.Core.Pictures.Statements;

namespace DasAudit.Evidence.Document;

/// <summary>What is said on the use of the listed pictures, those with an opt-out first.</summary>
internal static class RightsSection
{
    private const string Title = "Rights: what is said on training";

    /// <summary>Null where nothing is said.</summary>
    internal static Section? Of(AuditReport report)
    {
        if (report.Rights is not { } rights)
            return null;
        var rows = rights.Pictures.SelectMany(picture => picture.Signals.Select(signal => new Row(picture, signal)));
        List<Block> blocks = [new Note(Summary(report, rights))];
        if (rights.Pictures.Count > 0)
            blocks.Add(DocumentTable.Of("What is said on the use of listed pictures", Columns(report), rows));
        if (rights.Unread is { Count: > 0 } unread)
            blocks.Add(new Bullets([.. unread.Select(file => Content.Foreign($"{file.Item}: {file.Reason}"))]));
        blocks.AddRange(Checks(rights).Select(sentence => new Note(sentence)));
        return new(Title, blocks);
    }

    /// <summary>The same in few words; null where nothing is said.</summary>
    internal static Section? Brief(AuditReport report)
    {
        if (report.Rights is not { } rights)
            return null;
        var rows = rights.Pictures.Where(IsOptOut).Select(picture => new Row(picture, picture.Signals[0])).ToList();
        var note = new Note(Summary(report, rights));
        return rows.Count == 0
            ? new(Title, note)
            : new(Title, note, DocumentTable.Of("Listed pictures with an opt-out", BriefColumns, rows));
    }

    private static string Summary(AuditReport report, RightsInfo rights)
    {
        var count = rights.Pictures.Count(IsOptOut);
        var listed = report.Attributions.Count;
        var first = count switch
        {
            0 => $"No opt-out was read of the {Figures.Count(listed)} listed pictures.",
            1 => $"Of the {Figures.Count(listed)} listed pictures, 1 has an opt-out: training or mining is refused.",
            _ => $"Of the {Figures.Count(listed)} listed pictures, {Figures.Count(count)} have an opt-out: "
                + "training or mining is refused.",
        };
        var unread = rights.Unread is { Count: > 0 } ? " Some files could not be read, so there may be more." : "";
        return $"{first}{unread} Whether it binds anybody is a question of law, of the time and of the place.";
    }

    private static bool IsOptOut(PictureRights picture) => picture.Stance == SignalStance.OptOut;

    private static IEnumerable<Column<Row>> Columns(AuditReport report)
    {
        var licenses = report.Attributions.ToDictionary(picture => picture.Rank, picture => picture.License);
        yield return new("Rank", row => Content.Figure($"{row.Picture.Rank}"), ColumnKind.Rank);
        yield return new("File", row => Content.Code(row.Picture.Item), ColumnKind.File);
        yield return new("Comes to", row => Content.Words(Words(row.Signal.Stance)), ColumnKind.Word);
        yield return new("What it says", row => Content.Foreign(row.Signal.Says));
        yield return new("As written", row => Content.Foreign(row.Signal.Value));
        yield return new("Where", row => Content.Foreign(row.Signal.Place));
        yield return new("Read", row => Content.Figure(Figures.Moment(row.Signal.ReadUtc)));
        yield return new(
            "Licence",
            row => Content.Foreign(License(licenses.GetValueOrDefault(row.Picture.Rank), row.Picture))
        );
    }

    private static IEnumerable<Column<Row>> BriefColumns =>
        [
            new("#", row => Content.Figure($"{row.Picture.Rank}"), ColumnKind.Rank),
            new("training picture", row => Content.Foreign(row.Picture.Item)),
            new("what it says", row => Content.Foreign(row.Signal.Says)),
            new("where", row => Content.Foreign(row.Signal.Place)),
        ];

    private static string License(string? license, PictureRights picture) =>
        license is null ? GroupKey.NotStated : $"{license} ({picture.LicenseAsks})";

    private static string Words(SignalStance stance) =>
        stance switch
        {
            SignalStance.OptOut => "opt-out",
            SignalStance.Conditions => "conditions",
            SignalStance.Allowed => "allowed",
            _ => "nothing on training",
        };

    private static IEnumerable<string> Checks(RightsInfo rights) =>
        rights
            .Pictures.SelectMany(picture => picture.Signals)
            .Select(signal => signal.Checked)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);

    private sealed record Row(PictureRights Picture, UseSignal Signal);
}
