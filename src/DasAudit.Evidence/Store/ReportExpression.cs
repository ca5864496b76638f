using LiteDB;

namespace DasAudit.Evidence.Store;

/// <summary>
/// An expression of LiteDB that is asked of one report after the other: <c>$.method.replicates &gt; 4</c>. It is given
/// the report's JSON document alone, never the database, so that it can change nothing.
/// </summary>
public sealed class ReportExpression
{
    private readonly string _text;
    private readonly BsonExpression _expression;

    private ReportExpression(string text, BsonExpression expression)
    {
        _text = text;
        _expression = expression;
    }

    /// <summary>Reads an expression.</summary>
    /// <exception cref="AuditException">It is none, or gives more than one value.</exception>
    public static ReportExpression Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        try
        {
            var expression = BsonExpression.Create(text);
            return expression.IsScalar
                ? new(text, expression)
                : throw new AuditException($"'{text}' gives several values; write ANY or ALL before its operator.");
        }
        catch (Exception e) when (e is not AuditException)
        {
            var cause = e.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
            throw new AuditException($"'{text}' is no expression of LiteDB ({cause}).", e);
        }
    }

    /// <summary>Whether it is true of a document.</summary>
    /// <exception cref="AuditException">It gives neither true nor false, or cannot be computed.</exception>
    internal bool IsTrue(string json)
    {
        var value = Compute(json);
        if (value.IsNull)
            return false;
        return value.IsBoolean
            ? value.AsBoolean
            : throw new AuditException($"'{_text}' gives neither true nor false; compare it with something.");
    }

    private BsonValue Compute(string json)
    {
        try
        {
            return _expression.ExecuteScalar(JsonSerializer.Deserialize(json).AsDocument, Collation.Binary);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var cause = e.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
            throw new AuditException($"'{_text}' cannot be computed of a report ({cause}).", e);
        }
    }
}
