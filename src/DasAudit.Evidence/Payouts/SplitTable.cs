using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace DasAudit.Evidence.Payouts;

/// <summary>Among whom the amounts of rights holders are split; a holder without a line gets its own amount.</summary>
internal sealed class SplitTable
{
    private const string Columns = "holder,payee,part";

    private readonly ILookup<string, SplitPart> _parts;

    private SplitTable(IEnumerable<SplitPart> parts) =>
        _parts = parts.ToLookup(part => part.Holder, StringComparer.Ordinal);

    /// <summary>Nothing is split.</summary>
    internal static SplitTable None { get; } = new([]);

    /// <summary>The holders that it names.</summary>
    internal IEnumerable<string> Holders => _parts.Select(holder => holder.Key);

    /// <summary>The payees of a holder, in the order of the table.</summary>
    internal IReadOnlyList<SplitPart> Of(string holder) =>
        _parts.Contains(holder) ? [.. _parts[holder]] : [new(holder, holder, 1)];

    /// <summary>Reads a table: CSV with the columns <c>holder</c>, <c>payee</c> and <c>part</c>.</summary>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="AuditException">It is none.</exception>
    internal static SplitTable Read(TextReader reader, string name)
    {
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim };
        using var csv = new CsvReader(reader, configuration);
        var parts = new List<SplitPart>();
        try
        {
            if (!csv.Read() || !csv.ReadHeader() || !Columns.Split(',').All(csv.HeaderRecord!.Contains))
                throw new AuditException($"'{name}' is no table of splits; its first line must be {Columns}.");
            while (csv.Read())
                parts.Add(Part(csv, name));
        }
        catch (CsvHelperException e)
        {
            throw new AuditException($"'{name}' cannot be read as CSV (line {csv.Parser.RawRow}); mend it.", e);
        }

        var table = new SplitTable(parts);
        if (table._parts.FirstOrDefault(holder => holder.Sum(part => part.Part) != 1) is { } wrong)
            throw new AuditException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The parts of '{wrong.Key}' in '{name}' sum to {wrong.Sum(part => part.Part)}; make them sum to 1."
                )
            );
        return table;
    }

    private static SplitPart Part(CsvReader csv, string name)
    {
        var (holder, payee, text) = (csv.GetField("holder"), csv.GetField("payee"), csv.GetField("part"));
        if (string.IsNullOrEmpty(holder) || string.IsNullOrEmpty(payee))
            throw new AuditException($"'{name}', line {csv.Parser.RawRow}, names no holder or no payee; add it.");
        var isNumber = decimal.TryParse(
            text,
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var part
        );
        return isNumber && part is > 0 and <= 1
            ? new(holder, payee, part)
            : throw new AuditException(
                $"'{name}', line {csv.Parser.RawRow}, has the part '{text}'; write a number above 0 and at most 1, "
                    + "such as 0.25."
            );
    }
}
